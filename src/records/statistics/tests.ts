/** The two tests of the drift watch, and the distribution functions that they need. */

/**
 * Two-sample Kolmogorov–Smirnov: do these numbers come from one distribution?
 * @returns the largest distance of the two distribution functions (0 … 1) and its p by Kolmogorov's
 * limit with M. A. Stephens' correction for few numbers (J. R. Stat. Soc. B 32:115, 1970)
 */
export function kolmogorovSmirnov(
  first: readonly number[],
  second: readonly number[],
): { readonly distance: number; readonly p: number } {
  const a = [...first].sort((x, y) => x - y);
  const b = [...second].sort((x, y) => x - y);
  if (a.length === 0 || b.length === 0) return { distance: 0, p: 1 };
  let i = 0;
  let j = 0;
  let distance = 0;
  while (i < a.length && j < b.length) {
    const at = Math.min(a[i], b[j]);
    while (i < a.length && a[i] <= at) i++;
    while (j < b.length && b[j] <= at) j++;
    distance = Math.max(distance, Math.abs(i / a.length - j / b.length));
  }
  const n = Math.sqrt((a.length * b.length) / (a.length + b.length));
  const lambda = (n + 0.12 + 0.11 / n) * distance;
  if (lambda < 0.2) return { distance, p: 1 };
  let p = 0;
  for (let k = 1; k <= 100; k++) {
    const term = 2 * (k % 2 ? 1 : -1) * Math.exp(-2 * k * k * lambda * lambda);
    p += term;
    if (Math.abs(term) < 1e-12) break;
  }
  return { distance, p: Math.min(1, Math.max(0, p)) };
}

/**
 * Pearson's chi-square for two rows of counts. Columns in which fewer than 5 are expected in a row
 * are put together, as the approximation asks.
 */
export function chiSquare(
  first: readonly number[],
  second: readonly number[],
): { readonly statistic: number; readonly freedom: number; readonly p: number } {
  const sum = (row: readonly number[]): number => row.reduce((total, each) => total + each, 0);
  const all = sum(first) + sum(second);
  const smaller = Math.min(sum(first), sum(second));
  if (smaller === 0) return { statistic: 0, freedom: 0, p: 1 };
  const columns: [number, number][] = [];
  let rare: [number, number] = [0, 0];
  for (const [at, count] of first.entries()) {
    const column: [number, number] = [count, second[at]];
    const expected = (smaller * (column[0] + column[1])) / all;
    if (expected >= 5) columns.push(column);
    else rare = [rare[0] + column[0], rare[1] + column[1]];
  }
  if ((smaller * (rare[0] + rare[1])) / all >= 5 || columns.length === 0) columns.push(rare);
  else if (rare[0] + rare[1] > 0) {
    // Too rare even together: they join the smallest of the others.
    columns.sort((x, y) => x[0] + x[1] - y[0] - y[1]);
    columns[0] = [columns[0][0] + rare[0], columns[0][1] + rare[1]];
  }
  let statistic = 0;
  for (const column of columns) {
    for (const row of [0, 1] as const) {
      const expected = ((column[0] + column[1]) * sum(row === 0 ? first : second)) / all;
      if (expected > 0) statistic += (column[row] - expected) ** 2 / expected;
    }
  }
  const freedom = columns.length - 1;
  return { statistic, freedom, p: freedom === 0 ? 1 : upperGamma(freedom / 2, statistic / 2) };
}

/**
 * P(X ≥ found) of a binomial: how surprising at least this many are.
 * @param share expected of each, 0 … 1
 */
export function atLeast(found: number, total: number, share: number): number {
  if (found <= 0 || share >= 1) return 1;
  if (share <= 0) return 0;
  let sum = 0;
  for (let k = found; k <= total; k++) {
    const ways = logGamma(total + 1) - logGamma(k + 1) - logGamma(total - k + 1);
    sum += Math.exp(ways + k * Math.log(share) + (total - k) * Math.log1p(-share));
  }
  return Math.min(1, sum);
}

/** Regularized upper incomplete gamma Q(a, x): series or continued fraction (DLMF 8.11, 8.9). */
export function upperGamma(a: number, x: number): number {
  if (x <= 0) return 1;
  const front = Math.exp(a * Math.log(x) - x - logGamma(a));
  if (x < a + 1) {
    let term = 1 / a;
    let sum = term;
    for (let n = 1; n < 1000 && term > sum * 1e-16; n++) {
      term *= x / (a + n);
      sum += term;
    }
    return Math.max(0, 1 - front * sum);
  }
  // Lentz's way of evaluating a continued fraction.
  let b = x + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let h = d;
  for (let n = 1; n < 1000; n++) {
    const an = -n * (n - a);
    b += 2;
    d = 1 / (an * d + b);
    c = b + an / c;
    const change = c * d;
    h *= change;
    if (Math.abs(change - 1) < 1e-15) break;
  }
  return front * h;
}

/** Natural logarithm of the gamma function for x > 0: Stirling's series above 8 (DLMF 5.11.1). */
function logGamma(x: number): number {
  let shift = 0;
  let at = x;
  while (at < 8) {
    shift += Math.log(at);
    at += 1;
  }
  const r = 1 / (at * at);
  const series = (1 / 12 - r * (1 / 360 - r * (1 / 1260 - r * (1 / 1680 - r / 1188)))) / at;
  return (at - 0.5) * Math.log(at) - at + 0.5 * Math.log(2 * Math.PI) + series - shift;
}
