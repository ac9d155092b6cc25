import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/**
 * `first` is the app as it is; `next` is the same sources under another version, for updates;
 * `elsewhere` takes its models from another origin.
 */
export type BuildName = 'first' | 'next' | 'elsewhere';
/** A name that nobody has: the test's browser is told where to find it. */
export const MODELS_HOST = 'models.fieldray.test';
export const NEXT_VERSION = '99.0.0';

const SETTINGS: Record<BuildName, Record<string, string>> = {
  first: {},
  next: { FIELDRAY_VERSION: NEXT_VERSION },
  elsewhere: { FIELDRAY_MODELS_BASE: `http://${MODELS_HOST}/shelf/` },
};

const root = fileURLToPath(new URL('../../..', import.meta.url));

export function buildFolder(name: BuildName): string {
  return `${root}dist-e2e/${name}`;
}

/** The real build, with nothing changed for the tests but where it goes and what version it claims. */
export async function buildApp(name: BuildName): Promise<void> {
  const args = ['build', '--logLevel', 'warn', '--outDir', buildFolder(name)];
  const build = spawn(process.execPath, ['node_modules/vite/bin/vite.js', ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...SETTINGS[name] },
  });
  const [code] = await once(build, 'close');
  if (code !== 0) throw new Error(`The build “${name}” failed.`);
}
