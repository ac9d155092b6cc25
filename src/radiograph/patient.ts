/** The one way to a patient's name: asked for by a person, answered from the file, kept nowhere. */
import { fromReadFailure } from './errors.ts';
import { MAX_FILE_BYTES } from './decode.ts';
import { HEAD_BYTES, sniffFormat } from './formats/sniff.ts';
import type { PatientDetails, SourceIdentifiers } from './types.ts';

/**
 * Null for a file that is no DICOM: it says nothing of a patient.
 * @throws RadiographError where the file is gone or its header damaged
 */
export async function readPatientDetails(source: Blob): Promise<PatientDetails | null> {
  const bytes = await dicomBytes(source);
  if (!bytes) return null;
  const { patientDetails } = await import('./dicom/identifiers.ts');
  return patientDetails(bytes);
}

/**
 * For a report that goes back to the study of its picture; null for a file that is no DICOM.
 * @throws RadiographError where the file is gone or its header damaged
 */
export async function readSourceIdentifiers(source: Blob): Promise<SourceIdentifiers | null> {
  const bytes = await dicomBytes(source);
  if (!bytes) return null;
  const { sourceIdentifiers } = await import('./dicom/identifiers.ts');
  return sourceIdentifiers(bytes);
}

async function dicomBytes(source: Blob): Promise<Uint8Array<ArrayBuffer> | null> {
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = new Uint8Array(await source.arrayBuffer());
  } catch (error) {
    throw fromReadFailure(error);
  }
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    const { gunzip } = await import('./gunzip.ts');
    bytes = await gunzip(source, MAX_FILE_BYTES);
  }
  return sniffFormat(bytes.subarray(0, HEAD_BYTES)) === 'dicom' ? bytes : null;
}
