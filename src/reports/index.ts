/**
 * In: a picture of this sitting with its reading, or a kept study. Out: what leaves the app on
 * paper or as a file: CSV, JSON, the text of the QR code, DICOM and FHIR. Without who the patient
 * is, unless a person asked for it. Everything here comes when it is asked for.
 */
export { deidentified, labelWords } from './identity.ts';
export { reportedCase, type CaseContext } from './from-session.ts';
export { reportedStudy } from './from-records.ts';
export { CSV_COLUMNS, reportCsv } from './tables/csv.ts';
export { JSON_SCHEMA, reportJson } from './tables/json.ts';
export { leadingReading } from './leading.ts';
export { ReportTextInvalid, ReportTextTooNew } from './errors.ts';
export { parseReportText, reportText, type ReportText } from './text/report-text.ts';
export { qrModules } from './text/qr.ts';
export { reportFileName } from './file-name.ts';
export type * from './types.ts';
export type { DicomWishes, WrittenDicom } from './dicom/files.ts';
export type { CapturedPixels } from './dicom/secondary-capture.ts';

import type { DicomWishes, WrittenDicom } from './dicom/files.ts';
import type { FhirWishes } from './fhir/bundle.ts';

/** With the writer of DICOM, which comes only now. */
export async function writeDicomFiles(wishes: DicomWishes): Promise<WrittenDicom[]> {
  const { dicomFiles } = await import('./dicom/files.ts');
  return dicomFiles(wishes);
}

/** A Bundle of FHIR R4 as JSON text. */
export async function writeFhir(wishes: FhirWishes): Promise<string> {
  const { fhirBundle } = await import('./fhir/bundle.ts');
  return `${JSON.stringify(fhirBundle(wishes), null, 2)}\n`;
}
