import { buildApp } from './builds.ts';

/** Builds the app once for every e2e test; FIELDRAY_E2E_NO_BUILD=1 takes what an earlier run built. */
export default async function setup(): Promise<void> {
  if (process.env.FIELDRAY_E2E_NO_BUILD === '1') return;
  await Promise.all([buildApp('first'), buildApp('next'), buildApp('elsewhere')]);
}
