import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build, type Plugin, type ResolvedConfig } from 'vite';
import { listFiles } from './list-files.ts';
import type { PartsList } from './parts.ts';
import { isPrecached } from './precache-rule.ts';

/** Where workbox's own tools would put the list too. */
const INJECTION_POINT = 'self.__WB_MANIFEST';

/** What the build names after its content needs no revision beside its name. */
const NAMED_BY_CONTENT = /^assets\/[^/]+-[A-Za-z0-9_-]{8}\./;

/** An entry as workbox-precaching takes it. */
interface PrecacheEntry {
  readonly url: string;
  readonly revision: string | null;
  readonly integrity: string;
}

/** Every file that belongs, whatever its size: a shell without its .wasm does not work offline. */
async function listKept(folder: string): Promise<PrecacheEntry[]> {
  const urls = (await listFiles(folder)).filter(isPrecached);
  return Promise.all(
    urls.map(async (url) => {
      const bytes = await readFile(path.join(folder, url));
      const digest = createHash('sha256').update(bytes).digest();
      return {
        url,
        revision: NAMED_BY_CONTENT.test(url) ? null : digest.toString('hex').slice(0, 16),
        integrity: `sha256-${digest.toString('base64')}`,
      };
    }),
  );
}

/**
 * Builds src/service-worker.ts as one classic script (module service workers are young) once the
 * app is written, and puts the exact list of what it keeps into it. This is what workbox-build's
 * `injectManifest` does, with one rule of what belongs (precache-rule.ts) in the place of its globs
 * and size limit, and with a hash of every file; and without the second bundler it brings along.
 * The list of parts is written in between: the service worker brings some, and keeps the notices.
 */
export function serviceWorkerPlugin(parts: PartsList): Plugin {
  let config: ResolvedConfig;
  return {
    name: 'fieldray-service-worker',
    apply: 'build',
    configResolved(resolved) {
      config = resolved;
    },
    closeBundle: {
      sequential: true,
      order: 'post',
      async handler(error?: Error) {
        if (error) return;
        const outDir = path.resolve(config.root, config.build.outDir);
        const file = path.join(outDir, 'service-worker.js');
        await rm(file, { force: true });
        await build({
          configFile: false,
          root: config.root,
          logLevel: 'warn',
          publicDir: false,
          plugins: [parts.plugin()],
          define: { ...config.define, 'process.env.NODE_ENV': '"production"' },
          build: {
            outDir,
            emptyOutDir: false,
            target: config.build.target,
            rolldownOptions: {
              input: path.join(config.root, 'src/service-worker.ts'),
              output: { format: 'iife', entryFileNames: 'service-worker.js', codeSplitting: false },
            },
          },
        });
        await parts.write(outDir);
        const manifestEntries = await listKept(outDir);
        const script = await readFile(file, 'utf8');
        const places = script.split(INJECTION_POINT).length - 1;
        if (places !== 1) {
          throw new Error(
            `The built service worker names ${INJECTION_POINT} ${places} times instead of once.`,
          );
        }
        await writeFile(
          file,
          script.replace(INJECTION_POINT, () => JSON.stringify(manifestEntries)),
        );
        config.logger.info(`service worker keeps ${manifestEntries.length} files`);
      },
    },
  };
}
