/** Which models this app can work with: a new major version changes what the numbers mean. */
import { ModelTooNew, ModelTooOld } from './errors.ts';

/** From version 2 on the manifest says which part of the picture the classifier sees. */
const OLDEST_MAJOR = 0;
const NEWEST_MAJOR = 2;

/** The major number of a semver; NaN if it is none. */
export function majorOf(version: string): number {
  return Number(/^(\d+)\./.exec(version)?.[1]);
}

/** @throws ModelTooOld, ModelTooNew */
export function requireMajor(version: string): void {
  const major = majorOf(version);
  if (major < OLDEST_MAJOR) throw new ModelTooOld(version);
  if (major > NEWEST_MAJOR) throw new ModelTooNew(version);
}
