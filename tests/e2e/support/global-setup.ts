import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Builds the app once for every e2e test; FIELDRAY_E2E_NO_BUILD=1 takes the build that is there. */
export default function setup(): void {
  if (process.env.FIELDRAY_E2E_NO_BUILD === '1') return;
  execFileSync(process.execPath, ['node_modules/vite/bin/vite.js', 'build', '--logLevel', 'warn'], {
    cwd: fileURLToPath(new URL('../../..', import.meta.url)),
    stdio: 'inherit',
  });
}
