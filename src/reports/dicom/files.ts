/**
 * A result as DICOM files: the Structured Report, the picture with the evidence burned in, and the
 * lungs. Where the file that was read is a DICOM and identity was asked for, they join its patient
 * and study and name its picture; else they are a study of their own, and a copy of the picture is
 * written for them to lie on.
 */
import type { SourceIdentifiers } from '../../radiograph/types.ts';
import type { ReportedPicture, ReportedStudy } from '../types.ts';
import { isUid, sourceReference, type DicomContext } from './context.ts';
import { secondaryCapture, type CapturedPixels } from './secondary-capture.ts';
import { lungSegmentation, type LungMask } from './segmentation.ts';
import { structuredReport } from './structured-report.ts';
import { newUid, writeDicom, type Dataset } from './write.ts';

export interface DicomWishes {
  /** Without identity where none was asked for (`deidentified`). */
  readonly study: ReportedStudy;
  readonly picture: ReportedPicture;
  /** Of the picture's own file; null where it is no DICOM or identity was not asked for. */
  readonly source: SourceIdentifiers | null;
  /** Which of the file's pictures was read, from 0; null for a file of one. */
  readonly frame: number | null;
  /** The picture as it was read, and the same with evidence and caption. */
  readonly plain: CapturedPixels;
  readonly evidence: CapturedPixels | null;
  /** Null: no lungs were found, or not looked for. */
  readonly lungs: LungMask | null;
  readonly now: number;
  readonly appVersion: string;
}

export interface WrittenDicom {
  readonly kind: 'report' | 'picture' | 'evidence' | 'lungs';
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** @throws RangeError for a picture that has no reading */
export function dicomFiles(wishes: DicomWishes): WrittenDicom[] {
  const { study, source, now, appVersion } = wishes;
  const { reading } = wishes.picture;
  if (!reading) throw new RangeError('A picture without a reading has no DICOM report.');
  const original = sourceReference(source, wishes.frame);
  const context: DicomContext = {
    study,
    reading,
    source,
    now,
    appVersion,
    studyUid: source && isUid(source.studyUid) ? source.studyUid : newUid(),
  };
  const burnedIn = reading.notes.includes('burned-in-text');
  const capture = (
    pixels: CapturedPixels,
    series: number,
    description: string,
    derivation: string,
  ) =>
    secondaryCapture(context, pixels, {
      series,
      description,
      derivation,
      burnedIn,
      source: original,
    });
  const copy = original
    ? null
    : capture(wishes.plain, 9002, 'Fieldray picture', 'The picture as it was read');
  const picture = original ?? copy?.reference;
  if (!picture) throw new RangeError('There is no picture to name.');
  const evidence =
    wishes.evidence &&
    capture(
      wishes.evidence,
      9003,
      'Fieldray evidence',
      'What the computer looked at, in colors, with the result below',
    );
  const files: (readonly [WrittenDicom['kind'], Dataset | null | undefined])[] = [
    ['report', structuredReport(context, picture)],
    ['picture', copy?.dataset],
    ['evidence', evidence?.dataset],
    [
      'lungs',
      wishes.lungs &&
        lungSegmentation(context, picture, wishes.lungs, original ? reading.adjust : null),
    ],
  ];
  return files.flatMap(([kind, dataset]) =>
    dataset ? { kind, bytes: writeDicom(dataset, appVersion) } : [],
  );
}
