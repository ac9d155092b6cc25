import { buildApp } from './builds.ts';

/** Builds the app once for every e2e test; FIELDRAY_E2E_NO_BUILD=1 takes what an earlier run built. */
export default function setup(): void {
  if (process.env.FIELDRAY_E2E_NO_BUILD === '1') return;
  buildApp('first');
  buildApp('next');
  buildApp('elsewhere');
}
