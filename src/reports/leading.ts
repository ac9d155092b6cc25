import type { ReportedReading, ReportedStudy } from './types.ts';

/** The reading that stands for the study: the first with an answer, else the first at all. */
export function leadingReading({ pictures }: ReportedStudy): ReportedReading | null {
  const readings = pictures.flatMap(({ reading }) => reading ?? []);
  return readings.find(({ refused }) => refused === null) ?? readings[0] ?? null;
}
