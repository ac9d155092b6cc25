/** Whether bytes begin as DICOM does, with the Part 10 preamble or without. */

/** PS3.5 section 6.2. */
const VRS =
  /^(?:AE|AS|AT|CS|DA|DS|DT|FD|FL|IS|LO|LT|OB|OD|OF|OL|OV|OW|PN|SH|SL|SQ|SS|ST|SV|TM|UC|UI|UL|UN|UR|US|UT|UV)$/;

/** A value representation at this place, as explicit data sets have one in every element. */
export function isVr(bytes: Uint8Array, at: number): boolean {
  return VRS.test(String.fromCharCode(bytes[at] ?? 0, bytes[at + 1] ?? 0));
}

/** `head`: the first bytes of the file, 136 or more where there are that many. */
export function looksLikeDicom(head: Uint8Array): boolean {
  if (String.fromCharCode(...head.subarray(128, 132)) === 'DICM') return true;
  if (head.length < 8) return false;
  const group = head[0] | (head[1] << 8);
  if (group === 2) return isVr(head, 4);
  if (group === 0x0800) return isVr(head, 4);
  return group === 8 && (isVr(head, 4) || isImplicit(head));
}

/**
 * Without VRs there is no sign to know it by: two elements in a row have to make sense. The first
 * elements of an image are 0000 (group length), 0001, 0005 (character set) or 0008 (image type).
 */
function isImplicit(head: Uint8Array): boolean {
  if (head.length < 24) return false;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const element = view.getUint16(2, true);
  const length = view.getUint32(4, true);
  if (element > 0x0018 || length % 2 !== 0 || length > head.length - 16) return false;
  const next = 8 + length;
  const nextElement = view.getUint16(next + 2, true);
  return view.getUint16(next, true) === 8 && nextElement > element && nextElement < 0x1200;
}
