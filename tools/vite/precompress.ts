import { readFile, readdir, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Plugin, ResolvedConfig } from 'vite';

const pack = { gz: promisify(gzip), br: promisify(brotliCompress) };
const WORTH_IT = /\.(?:html|js|css|json|svg|txt|webmanifest|wasm)$/;
/** Below this the header costs more than the packing saves. */
const SMALLEST = 1024;

async function packed(bytes: Buffer): Promise<[ending: string, content: Buffer][]> {
  const [gz, br] = await Promise.all([
    pack.gz(bytes, { level: 9 }),
    pack.br(bytes, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: 11,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      },
    }),
  ]);
  return [
    ['.gz', gz],
    ['.br', br],
  ];
}

/**
 * Writes `.gz` and `.br` beside every file that packs well: our own server, nginx (`gzip_static`,
 * `brotli_static`), Caddy (`precompressed`) and Apache send them as they are. Runs after the
 * service worker is written.
 */
export function precompressPlugin(): Plugin {
  let config: ResolvedConfig;
  return {
    name: 'fieldray-precompress',
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
        const names = (await readdir(outDir, { recursive: true })).filter((name) =>
          WORTH_IT.test(name),
        );
        await Promise.all(
          names.map(async (name) => {
            const file = path.join(outDir, name);
            const facts = await stat(file);
            if (facts.size < SMALLEST) return;
            for (const [ending, content] of await packed(await readFile(file))) {
              if (content.length >= facts.size) continue;
              await writeFile(file + ending, content);
              // Rounded up: a Date holds whole milliseconds, and a packed file that looks older than
              // its source is taken for one of an earlier build.
              const time = new Date(Math.ceil(facts.mtimeMs));
              await utimes(file + ending, time, time);
            }
          }),
        );
      },
    },
  };
}
