/** Whether bytes begin as DICOM does: with the Part 10 preamble, without it, or inside a MIME part. */

/** PS3.5 section 6.2. */
const VRS =
  /^(?:AE|AS|AT|CS|DA|DS|DT|FD|FL|IS|LO|LT|OB|OD|OF|OL|OV|OW|PN|SH|SL|SQ|SS|ST|SV|TM|UC|UI|UL|UN|UR|US|UT|UV)$/;

/** Groups that a bare data set goes on with after its first element: patient, acquisition, image. */
const EARLY_GROUPS = [0x08, 0x09, 0x10, 0x18, 0x20, 0x28];
/** How far into a file the word DICM is looked for. */
const SEARCHED = 1024;

/** A value representation at this place, as explicit data sets have one in every element. */
export function isVr(bytes: Uint8Array, at: number): boolean {
  return VRS.test(String.fromCharCode(bytes[at] ?? 0, bytes[at + 1] ?? 0));
}

/** `head`: the first bytes of the file, 512 or more where there are that many. */
export function looksLikeDicom(head: Uint8Array): boolean {
  return findMeta(head) >= 0 || looksLikeDataSet(head) || looksLikeMimePart(head);
}

/**
 * Where the file meta information starts, or -1. The word DICM stands at 128; without a preamble at
 * 0, and behind the head of a MIME part or of another system further on.
 */
export function findMeta(bytes: Uint8Array): number {
  if (isMark(bytes, 128)) return 132;
  const last = Math.min(bytes.length, SEARCHED) - 8;
  for (let at = bytes.indexOf(0x44); at >= 0 && at <= last; at = bytes.indexOf(0x44, at + 1)) {
    if (isMark(bytes, at) && bytes[at + 4] === 2 && bytes[at + 5] === 0) return at + 4;
  }
  return -1;
}

function isMark(bytes: Uint8Array, at: number): boolean {
  return String.fromCharCode(...bytes.subarray(at, at + 4)) === 'DICM';
}

/** A MIME part or an HTTP answer that says that DICOM follows, as DICOMweb downloads and mails have. */
export function looksLikeMimePart(head: Uint8Array): boolean {
  const text = String.fromCharCode(...head.subarray(0, 512));
  return /^\s*(?:--|HTTP\/|[\w-]+:)/.test(text) && /application\/dicom(?![+\w])/i.test(text);
}

/** A data set without a preamble; it may begin with the file meta information. */
export function looksLikeDataSet(bytes: Uint8Array, at = 0): boolean {
  const head = bytes.subarray(at, at + 512);
  if (head.length < 8) return false;
  const group = head[0] | (head[1] << 8);
  if (group === 2 || group === 8) return isVr(head, 4) || isImplicit(head, group);
  return group === 0x0800 && isVr(head, 4);
}

/**
 * Without VRs there is no sign to know it by: two elements in a row have to make sense. The first
 * elements of an image are 0000 (group length), 0001, 0005 (character set) or 0008 (image type).
 */
function isImplicit(head: Uint8Array, group: number): boolean {
  if (head.length < 24) return false;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const element = view.getUint16(2, true);
  const length = view.getUint32(4, true);
  if (element > 0x0080 || length > head.length - 16) return false;
  const next = 8 + length;
  const [nextGroup, nextElement] = [view.getUint16(next, true), view.getUint16(next + 2, true)];
  if (view.getUint16(next + 6, true) !== 0) return false;
  if (nextGroup === group) return nextElement > element && nextElement < 0x1200;
  return group === 8 && nextGroup > 8 && EARLY_GROUPS.includes(nextGroup);
}
