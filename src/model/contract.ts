/** Which models this app can work with: a new major version changes what the numbers mean. */
import { ModelTooNew, ModelTooOld } from './errors.ts';

/** From version 2 on the manifest says which part of the picture the classifier sees. */
const MAJOR = 2;

/** The major number of a semver; NaN if it is none. */
export function majorOf(version: string): number {
  return Number(/^(\d+)\./.exec(version)?.[1]);
}

/**
 * Whether a model was made for an earlier version of the app. One that is on the device reads on, the
 * whole picture as it was made to, so that an update of the app far from a network stops nobody; it is
 * replaced as soon as there is a network.
 */
export function isOutdated(version: string): boolean {
  return majorOf(version) < MAJOR;
}

/** @throws ModelTooNew */
export function requireReadable(version: string): void {
  if (majorOf(version) > MAJOR) throw new ModelTooNew(version);
}

/** Nothing outdated is installed. @throws ModelTooOld, ModelTooNew */
export function requireCurrent(version: string): void {
  requireReadable(version);
  if (isOutdated(version)) throw new ModelTooOld(version);
}
