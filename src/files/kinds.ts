/** What a file is, by its first bytes: one for the list, one to open, or one to pass over. */
import { HEAD_BYTES, kindOfOther, sniffFormat } from '../radiograph/index.ts';
import { containerOf } from './is-container.ts';
import type { SkippedKind } from './types.ts';

export { HEAD_BYTES };

export type Sort = 'picture' | 'zip' | 'gzip' | 'pdf' | 'dicomdir' | SkippedKind;

/**
 * Storage classes without a picture to read: presentation states, reports, waveforms, encapsulated
 * documents, plans and doses, raw and registration data (PS3.4, B.5). A picture class not named here
 * goes to the decoder, which has a word for each.
 */
const WITHOUT_PICTURE = [
  '1.2.840.10008.5.1.4.1.1.9.',
  '1.2.840.10008.5.1.4.1.1.11.',
  '1.2.840.10008.5.1.4.1.1.66',
  '1.2.840.10008.5.1.4.1.1.67',
  '1.2.840.10008.5.1.4.1.1.88.',
  '1.2.840.10008.5.1.4.1.1.104.',
  '1.2.840.10008.5.1.4.1.1.481.',
  '1.2.840.10008.5.1.4.38.',
  '1.2.840.10008.5.1.4.39.',
  '1.2.840.10008.5.1.4.45.',
];

export function sortOf(head: Uint8Array): Sort {
  if (head.length === 0) return 'empty';
  const container = containerOf(head);
  if (container === 'dicomdir') return 'dicomdir';
  if (container === 'zip') return isOfficeDocument(head) ? 'document' : 'zip';
  const format = sniffFormat(head);
  if (format === 'dicom') {
    const uid = storageClass(head);
    return WITHOUT_PICTURE.some((start) => uid.startsWith(start)) ? 'dicom-other' : 'picture';
  }
  // Most documents on a disc are reports: which one is a scanned picture, its inside tells.
  if (format === 'pdf') return 'pdf';
  if (format) return 'picture';
  // One file packed alone is unpacked when it is read.
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip';
  return kindOfOther(head) ?? 'other';
}

/** Whether the decoder will take it for DICOM, with a preamble or without. */
export function isDicom(head: Uint8Array): boolean {
  return sniffFormat(head) === 'dicom';
}

/** (0002,0002), explicit little endian as the file meta information always is; '' if not found. */
function storageClass(head: Uint8Array): string {
  const TAG = [0x02, 0x00, 0x02, 0x00, 0x55, 0x49];
  for (let at = 132; at + 8 <= head.length; at += 1) {
    if (!TAG.every((byte, index) => head[at + index] === byte)) continue;
    const length = (head[at + 6] ?? 0) | ((head[at + 7] ?? 0) << 8);
    const bytes = head.subarray(at + 8, at + 8 + Math.min(length, 64));
    return String.fromCharCode(...bytes).replace(/[\0 ]+$/, '');
  }
  return '';
}

/** Office, e-book and program files are ZIP archives too; their first entry gives them away. */
function isOfficeDocument(head: Uint8Array): boolean {
  const length = (head[26] ?? 0) | ((head[27] ?? 0) << 8);
  const name = String.fromCharCode(...head.subarray(30, Math.min(head.length, 30 + length)));
  return /^(\[Content_Types\]\.xml|mimetype|_rels\/|docProps\/|META-INF\/)/.test(name);
}
