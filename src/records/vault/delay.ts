/** Guessing gets slower: after the third wrong secret in a row each next one has to wait longer. */

const FREE = 3;
const FIRST_SECONDS = 5;
const MOST_SECONDS = 15 * 60;

export interface Failures {
  readonly count: number;
  /** Of the last try; milliseconds since 1970. */
  readonly at: number;
}

/** Whole seconds that still have to pass before the next try; 0: now. */
export function waitAfter({ count, at }: Failures, now: number): number {
  if (count < FREE) return 0;
  const delay = Math.min(MOST_SECONDS, FIRST_SECONDS * 2 ** (count - FREE));
  // A clock that was put back would wait for days, one put ahead is not worth the trouble to forbid.
  const passed = Math.max(0, (now - at) / 1000);
  return now < at ? delay : Math.max(0, Math.ceil(delay - passed));
}
