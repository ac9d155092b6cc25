import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** `first` is the app as it is; `next` is the same sources under another version, for updates. */
export type BuildName = 'first' | 'next';
export const NEXT_VERSION = '99.0.0';

const root = fileURLToPath(new URL('../../..', import.meta.url));

export function buildFolder(name: BuildName): string {
  return `${root}dist-e2e/${name}`;
}

/** The real build, with nothing changed for the tests but where it goes and what version it claims. */
export function buildApp(name: BuildName): void {
  execFileSync(
    process.execPath,
    ['node_modules/vite/bin/vite.js', 'build', '--logLevel', 'warn', '--outDir', buildFolder(name)],
    {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, ...(name === 'next' ? { FIELDRAY_VERSION: NEXT_VERSION } : {}) },
    },
  );
}
