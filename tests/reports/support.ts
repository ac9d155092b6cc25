import { reportedStudy } from '../../src/reports/index.ts';
import type { ReportedReading, ReportedStudy } from '../../src/reports/types.ts';
import { picture, reading, study } from '../records/support.ts';

export { picture, reading, study };

export const WORD = {
  id: 'word-1',
  at: Date.parse('2026-11-30T09:00:00Z'),
  by: { reader: 'reader-1', initials: 'AB' },
  verdict: 'agree',
  label: 'Lung_Opacity',
  text: 'seen in the left lower field',
  amends: null,
  seconds: 40,
  blind: true,
} as const;

/** A kept study of one frontal picture, with a reader's word. */
export function aReport(part: Partial<ReportedStudy> = {}): ReportedStudy {
  return { ...reportedStudy(study({ words: [WORD] }), 'Kisumu'), ...part };
}

/** The same with another reading. */
export function withReading(
  part: Partial<ReportedReading>,
  of: ReportedStudy = aReport(),
): ReportedStudy {
  const [first, ...rest] = of.pictures;
  const changed = { ...first, reading: { ...first.reading!, ...part } };
  return { ...of, pictures: [changed, ...rest] };
}
