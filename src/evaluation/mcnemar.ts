/**
 * McNemar's test: do two models differ on the same pictures, or is it chance? Only pictures that one
 * gets right and the other wrong speak (Q. McNemar, Psychometrika 12, 1947).
 */
export interface McNemar {
  /** Right by the first only. */
  readonly firstOnly: number;
  /** Right by the second only. */
  readonly secondOnly: number;
  /** Two-sided exact binomial probability of a split at least as uneven, 0 … 1. */
  readonly p: number;
}

/**
 * @param first whether the first model is right, picture by picture
 * @param second the same of the second, in the same order
 * @throws RangeError if the lists differ in length
 */
export function mcNemar(first: readonly boolean[], second: readonly boolean[]): McNemar {
  if (first.length !== second.length) {
    throw new RangeError('Two models compare only on the same pictures.');
  }
  let firstOnly = 0;
  let secondOnly = 0;
  for (const [at, right] of first.entries()) {
    if (right && !second[at]) firstOnly++;
    else if (!right && second[at]) secondOnly++;
  }
  return { firstOnly, secondOnly, p: exactTwoSided(firstOnly, secondOnly) };
}

/** P of at most min(a, b) heads among a + b fair tosses, twice, at most 1. */
function exactTwoSided(a: number, b: number): number {
  const tosses = a + b;
  const fewer = Math.min(a, b);
  // Terms as logarithms: 2^-n is 0 in float64 from about 1,075 tosses on.
  let term = -tosses * Math.LN2;
  const terms = [term];
  for (let heads = 1; heads <= fewer; heads++) {
    term += Math.log((tosses - heads + 1) / heads);
    terms.push(term);
  }
  const largest = terms.at(-1) ?? 0;
  const sum = terms.reduce((total, value) => total + Math.exp(value - largest), 0);
  return Math.min(1, 2 * Math.exp(largest) * sum);
}
