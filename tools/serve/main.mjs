#!/usr/bin/env node
// Serves a built app: node tools/serve/main.mjs [folder] [--port N] [--host H] [--base /path/]
//                     [--cert FILE --key FILE] [--strict-port]
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { modelsOriginOf } from './headers.mjs';
import { serve } from './server.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    port: { type: 'string', default: process.env.PORT ?? '4173' },
    host: { type: 'string', default: '127.0.0.1' },
    base: { type: 'string', default: '/' },
    cert: { type: 'string' },
    key: { type: 'string' },
    'strict-port': { type: 'boolean', default: false },
  },
});

const directory = path.resolve(
  positionals[0] ?? fileURLToPath(new URL('../../dist', import.meta.url)),
);
if (!existsSync(path.join(directory, 'index.html'))) {
  console.error(`${directory} holds no built app. Build it first: npm run build`);
  process.exit(1);
}
const port = Number(values.port);
if (!Number.isInteger(port) || port < 0 || port > 65_535) {
  console.error(`--port must be a number from 0 to 65535, not ${values.port}.`);
  process.exit(1);
}
if (Boolean(values.cert) !== Boolean(values.key)) {
  console.error('--cert and --key belong together.');
  process.exit(1);
}
const tls =
  values.cert && values.key
    ? { cert: readFileSync(values.cert), key: readFileSync(values.key) }
    : undefined;

const server = await serve({
  directory,
  port,
  host: values.host,
  basePath: values.base,
  otherPort: !values['strict-port'],
  modelsOrigin: modelsOriginOf(readFileSync(path.join(directory, 'index.html'), 'utf8')),
  tls,
});
console.log(`Fieldray is at ${server.url}`);
if (!tls && !['127.0.0.1', 'localhost', '::1'].includes(values.host)) {
  console.log(
    'Other machines reach it without HTTPS: browsers then refuse to install it or to work offline. ' +
      'See docs/hosting.md.',
  );
}
console.log('Ctrl+C ends it.');
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
  process.once(signal, () => void server.close().then(() => process.exit(0)));
}
