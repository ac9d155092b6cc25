/**
 * Who the picture is of: read from the file when the user asks for it, given to the asker, and kept
 * nowhere. Nothing else in the app reads these tags.
 */
import type { PatientDetails, SourceIdentifiers } from '../types.ts';
import { readDataSet } from './dataset.ts';
import { Fields } from './fields.ts';

/** @throws RadiographError where the file cannot be read @returns '' for what it does not say */
export function patientDetails(bytes: Uint8Array<ArrayBuffer>): PatientDetails {
  const fields = new Fields(readDataSet(bytes).dataSet);
  return {
    name: personName(fields.text(0x00100010)),
    id: fields.text(0x00100020),
    birthDate: fields.text(0x00100030),
    sex: fields.text(0x00100040),
    age: fields.text(0x00101010),
    studyDate: fields.text(0x00080020),
    accession: fields.text(0x00080050),
    institution: fields.text(0x00080080),
    studyUid: fields.text(0x0020000d),
    seriesUid: fields.text(0x0020000e),
  };
}

/** Family^Given^Middle^Prefix^Suffix, maybe in three scripts (=): the first one that says anything. */
function personName(value: string): string {
  const group = value.split('=').find((part) => part.replaceAll('^', '').trim() !== '') ?? '';
  const [family = '', given = '', middle = ''] = group.split('^').map((part) => part.trim());
  const rest = [given, middle].filter((part) => part !== '').join(' ');
  return [family, rest].filter((part) => part !== '').join(', ');
}

/**
 * Which patient, study and picture: for a report that goes back to where the file came from. Asked
 * for by a person, given to the report, and kept nowhere.
 * @throws RadiographError where the file cannot be read @returns '' and 0 for what it does not say
 */
export function sourceIdentifiers(bytes: Uint8Array<ArrayBuffer>): SourceIdentifiers {
  const fields = new Fields(readDataSet(bytes).dataSet);
  return {
    patientName: fields.text(0x00100010),
    patientId: fields.text(0x00100020),
    birthDate: fields.text(0x00100030),
    sex: fields.text(0x00100040),
    studyUid: fields.text(0x0020000d),
    studyDate: fields.text(0x00080020),
    studyTime: fields.text(0x00080030),
    studyId: fields.text(0x00200010),
    accession: fields.text(0x00080050),
    referring: fields.text(0x00080090),
    seriesUid: fields.text(0x0020000e),
    classUid: fields.text(0x00080016),
    instanceUid: fields.text(0x00080018),
    modality: fields.text(0x00080060),
    rows: fields.uint16(0x00280010) ?? 0,
    columns: fields.uint16(0x00280011) ?? 0,
    frames: Number(fields.text(0x00280008)) || 1,
  };
}
