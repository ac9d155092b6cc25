import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Plugin, ResolvedConfig } from 'vite';
import { listFiles } from './list-files.ts';

/** The list's name in the built folder; `sha256sum --check SHA256SUMS` reads it. */
export const CHECKSUMS = 'SHA256SUMS';

/** A line a file, sorted by name, in the form of GNU coreutils. */
export async function checksumsOf(folder: string): Promise<string> {
  const names = (await listFiles(folder)).filter((name) => name !== CHECKSUMS);
  const lines = await Promise.all(
    names.map(async (name) => {
      const digest = createHash('sha256').update(await readFile(path.join(folder, name)));
      return `${digest.digest('hex')}  ${name}\n`;
    }),
  );
  return lines.join('');
}

/** Writes SHA256SUMS over every built file, packed ones included, as the last thing of a build. */
export function checksumsPlugin(): Plugin {
  let config: ResolvedConfig;
  return {
    name: 'fieldray-checksums',
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
        await writeFile(path.join(outDir, CHECKSUMS), await checksumsOf(outDir));
      },
    },
  };
}
