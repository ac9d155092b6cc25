/** Counts of what was answered for what is true: everything else in a report is made from them. */

/** Square, whole numbers; rows are the truth, columns the answer, both in the order of the classes. */
export type ConfusionMatrix = readonly (readonly number[])[];

/**
 * @param truth positions of the true classes, 0 … classes − 1
 * @param answers positions of the answered classes, as many as `truth`
 * @throws RangeError if a position is none, or the two lists differ in length
 */
export function confusionMatrix(
  truth: readonly number[],
  answers: readonly number[],
  classes: number,
): number[][] {
  if (truth.length !== answers.length) {
    throw new RangeError(`${truth.length} truths do not belong to ${answers.length} answers.`);
  }
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (const [at, row] of truth.entries()) {
    const column = answers[at] ?? Number.NaN;
    const line = counts[row];
    if (!line || !(column in line)) {
      throw new RangeError(`Classes ${row} and ${column} are not among ${classes} classes.`);
    }
    line[column] = (line[column] ?? 0) + 1;
  }
  return counts;
}
