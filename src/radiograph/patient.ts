/** The one way to a patient's name: asked for by a person, answered from the file, kept nowhere. */
import { fromReadFailure } from './errors.ts';
import { HEAD_BYTES, sniffFormat } from './formats/sniff.ts';
import type { PatientDetails } from './types.ts';

/**
 * Null for a file that is no DICOM: it says nothing of a patient.
 * @throws RadiographError where the file is gone or its header damaged
 */
export async function readPatientDetails(source: Blob): Promise<PatientDetails | null> {
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = new Uint8Array(await source.arrayBuffer());
  } catch (error) {
    throw fromReadFailure(error);
  }
  if (sniffFormat(bytes.subarray(0, HEAD_BYTES)) !== 'dicom') return null;
  const { patientDetails } = await import('./dicom/identifiers.ts');
  return patientDetails(bytes);
}
