import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build, type Plugin, type ResolvedConfig } from 'vite';
import { getManifest } from 'workbox-build';
import { isPrecached } from './precache-rule.ts';

/** What workbox's own injectManifest looks for too. */
const INJECTION_POINT = 'self.__WB_MANIFEST';

/**
 * Builds src/service-worker.ts as one classic script (module service workers are young) once the
 * app is written, and puts the exact list of what it keeps into it: workbox's `injectManifest`,
 * with our own rule of what belongs (precache-rule.ts) in the place of its globs and size limit.
 */
export function serviceWorkerPlugin(): Plugin {
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
        const { manifestEntries, warnings } = await getManifest({
          globDirectory: outDir,
          globPatterns: ['**/*'],
          // Nothing is left out for its size: a shell without its .wasm does not work offline.
          maximumFileSizeToCacheInBytes: Number.MAX_SAFE_INTEGER,
          dontCacheBustURLsMatching: /^assets\/[^/]+-[A-Za-z0-9_-]{8}\./,
          manifestTransforms: [
            (entries) => ({
              manifest: entries.filter(({ url }) => isPrecached(url)),
              warnings: [],
            }),
          ],
        });
        if (warnings.length > 0) throw new Error(warnings.join('\n'));
        manifestEntries.sort((a, b) => (a.url < b.url ? -1 : 1));
        for (const entry of manifestEntries) {
          const bytes = await readFile(path.join(outDir, entry.url));
          entry.integrity = `sha256-${createHash('sha256').update(bytes).digest('base64')}`;
        }
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
