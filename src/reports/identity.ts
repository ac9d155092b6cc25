/** What of a study says who the patient is, and the same study without it. */
import type { PatientLabel } from '../records/types.ts';
import type { ReportedStudy, ReportWishes } from './types.ts';

/** "Amina Diallo 4711", or "3" for the third of its day; empty for no label. */
export function labelWords(label: PatientLabel | null): string {
  if (!label) return '';
  const said = [label.name, label.number].filter((part) => part.trim() !== '').join(' ');
  return said || (label.running === null ? '' : String(label.running));
}

/**
 * Takes out what may name the patient: label, study date, the files' names, and what readers wrote
 * in their own words. The running number of a day stays: it names nobody outside the site.
 */
export function deidentified(study: ReportedStudy, { identity }: ReportWishes): ReportedStudy {
  if (identity) return study;
  const running = study.label?.running ?? null;
  return {
    ...study,
    label:
      running === null ? null : { name: '', number: '', running, day: null, source: 'running' },
    studyDate: null,
    pictures: study.pictures.map((picture, at) => ({ ...picture, name: `picture ${at + 1}` })),
    words: study.words.map((word) => ({ ...word, text: '' })),
    diagnoses: study.diagnoses.map((diagnosis) => ({ ...diagnosis, text: '' })),
  };
}
