/** Cohen's kappa: agreement beyond chance between two who sort the same studies. */

const Z95 = 1.959963984540054;

export interface Kappa {
  /** -1 … 1; NaN where chance alone would always agree (everything in one class). */
  readonly value: number;
  /** 95 %, by the large-sample error; NaN with the value. */
  readonly low: number;
  readonly high: number;
  readonly standardError: number;
  readonly count: number;
  readonly agreed: number;
}

/**
 * J. Cohen, Educ. Psychol. Meas. 20:37 (1960); the error by J. L. Fleiss, J. Cohen and
 * B. S. Everitt, Psychol. Bull. 72:323 (1969).
 * @param pairs what the one and the other said of each study
 */
export function kappaOf(pairs: readonly (readonly [string, string])[]): Kappa {
  const count = pairs.length;
  const classes = [...new Set(pairs.flat())];
  const agreed = pairs.filter(([one, other]) => one === other).length;
  const firsts = classes.map((each) => pairs.filter(([one]) => one === each).length / count);
  const seconds = classes.map((each) => pairs.filter(([, other]) => other === each).length / count);
  const observed = agreed / count;
  const chance = classes.reduce((sum, _, at) => sum + firsts[at] * seconds[at], 0);
  if (count === 0 || chance >= 1) {
    const none = Number.NaN;
    return { value: none, low: none, high: none, standardError: none, count, agreed };
  }
  const value = (observed - chance) / (1 - chance);
  const rest = 1 - value;
  let spread = 0;
  for (const [one, other] of pairs) {
    const i = classes.indexOf(one);
    const j = classes.indexOf(other);
    spread +=
      i === j
        ? (1 - (firsts[i] + seconds[i]) * rest) ** 2
        : rest ** 2 * (seconds[i] + firsts[j]) ** 2;
  }
  const variance = (spread / count - (value - chance * rest) ** 2) / ((1 - chance) ** 2 * count);
  const standardError = Math.sqrt(Math.max(0, variance));
  return {
    value,
    low: Math.max(-1, value - Z95 * standardError),
    high: Math.min(1, value + Z95 * standardError),
    standardError,
    count,
    agreed,
  };
}
