#!/usr/bin/env node
// npm run verify-site -- URL [--build FOLDER]: does a host send what was built here, with the right headers?
import './setup/node-version.mjs';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { compareSite } from './verify/compare.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    build: { type: 'string', default: fileURLToPath(new URL('../dist', import.meta.url)) },
  },
});
const address = positionals[0];
if (positionals.length !== 1 || !address || !URL.canParse(address)) {
  console.error(
    'Say which site: npm run verify-site -- https://fieldray.clinic.example/ [--build FOLDER]',
  );
  process.exit(2);
}
const directory = path.resolve(values.build);
if (!existsSync(path.join(directory, 'SHA256SUMS'))) {
  console.error(
    `${directory} holds no build with a SHA256SUMS. Build the same commit first: npm run build`,
  );
  process.exit(2);
}
const { files, findings } = await compareSite(directory, address);
for (const { level, file, text } of findings) console.log(`${level.padEnd(7)}  ${file} ${text}`);
const errors = findings.filter(({ level }) => level === 'error').length;
console.log(`${files} files compared, ${errors} errors, ${findings.length - errors} warnings`);
process.exit(errors === 0 ? 0 : 1);
