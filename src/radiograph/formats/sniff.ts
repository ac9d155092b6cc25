/** Formats by their first bytes, never by the file's name or the type the browser guessed. */
import { looksLikeDicom } from '../dicom/sniff.ts';
import type { RadiographFormat } from '../types.ts';

/** As many bytes as any rule here looks at. */
export const HEAD_BYTES = 512;

/** `head`: the first bytes of the file, 136 or more where there are that many. */
export function sniffFormat(head: Uint8Array): RadiographFormat | null {
  if (starts(head, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return 'png';
  if (starts(head, [0xff, 0xd8, 0xff])) return 'jpeg';
  if (text(head, 0, 4) === 'RIFF' && text(head, 8, 4) === 'WEBP') return 'webp';
  if (text(head, 0, 6) === 'GIF87a' || text(head, 0, 6) === 'GIF89a') return 'gif';
  if (isBmp(head)) return 'bmp';
  if (looksLikeDicom(head)) return 'dicom';
  return null;
}

/** Sorts of files that are no radiograph here, coarse enough to be counted. */
export type OtherKind = 'text' | 'document' | 'other-picture' | 'media' | 'archive' | 'program';

/**
 * The name, with its article, of a format that people do have and that cannot be a radiograph
 * here; null for bytes nobody knows.
 */
export function nameOther(head: Uint8Array): string | null {
  return describeOther(head)?.[0] ?? null;
}

/** The sort of a file that `sniffFormat` does not know; null for bytes nobody knows. */
export function kindOfOther(head: Uint8Array): OtherKind | null {
  return describeOther(head)?.[1] ?? null;
}

type Description = readonly [name: string, kind: OtherKind];

function describeOther(head: Uint8Array): Description | null {
  for (const [signature, offset, ...description] of SIGNATURES) {
    if (text(head, offset, signature.length) === signature) return description;
  }
  const brand = text(head, 4, 4) === 'ftyp' ? text(head, 8, 4) : '';
  if (/^(hei[cxms]|hev[cxms]|mif1|msf1)$/.test(brand)) return ['a HEIC photo', 'other-picture'];
  if (/^avi[fs]$/.test(brand)) return ['an AVIF picture', 'other-picture'];
  if (brand !== '') return ['a video', 'media'];
  return describeText(head);
}

const SIGNATURES: readonly (readonly [signature: string, offset: number, ...Description])[] = [
  ['%PDF', 0, 'a PDF document', 'document'],
  ['II*\0', 0, 'a TIFF picture', 'other-picture'],
  ['MM\0*', 0, 'a TIFF picture', 'other-picture'],
  ['II+\0', 0, 'a TIFF picture', 'other-picture'],
  ['MM\0+', 0, 'a TIFF picture', 'other-picture'],
  ['PK\x03\x04', 0, 'a ZIP archive (or an Office document)', 'archive'],
  ['PK\x05\x06', 0, 'an empty ZIP archive', 'archive'],
  ['\x1f\x8b', 0, 'a gzip archive', 'archive'],
  ['7z\xbc\xaf\x27\x1c', 0, 'a 7-Zip archive', 'archive'],
  ['Rar!', 0, 'a RAR archive', 'archive'],
  ['8BPS', 0, 'a Photoshop document', 'other-picture'],
  ['\xd0\xcf\x11\xe0', 0, 'an Office document', 'document'],
  ['\0\0\0\x0cjP  ', 0, 'a JPEG 2000 picture', 'other-picture'],
  ['\xff\x4f\xff\x51', 0, 'a JPEG 2000 picture', 'other-picture'],
  ['\0\0\0\x0cJXL ', 0, 'a JPEG XL picture', 'other-picture'],
  ['\xff\x0a', 0, 'a JPEG XL picture', 'other-picture'],
  ['\0\0\x01\0', 0, 'an icon', 'other-picture'],
  ['RIFF', 0, 'a sound or video file', 'media'],
  ['\x1a\x45\xdf\xa3', 0, 'a video', 'media'],
  ['MZ', 0, 'a program', 'program'],
  ['\x7fELF', 0, 'a program', 'program'],
];

function describeText(head: Uint8Array): Description | null {
  const plain = decodeText(head);
  if (plain === null) return null;
  const start = plain.trimStart().toLowerCase();
  if (/^(<\?xml[^>]*>\s*)?(<!--[\s\S]*?-->\s*)*(<!doctype svg[^>]*>\s*)?<svg[\s>]/.test(start)) {
    return ['an SVG drawing', 'other-picture'];
  }
  if (/^(<!--[\s\S]*?-->\s*)*<(!doctype html|html|head|body)[\s>]/.test(start)) {
    return ['a web page (HTML)', 'text'];
  }
  if (start.startsWith('<?xml')) {
    return start.includes('<svg')
      ? ['an SVG drawing', 'other-picture']
      : ['an XML document', 'text'];
  }
  return ['a text file', 'text'];
}

/** Text if no control character but the usual white space is in it. */
function decodeText(head: Uint8Array): string | null {
  const wide = starts(head, [0xff, 0xfe]) ? 'utf-16le' : starts(head, [0xfe, 0xff]) && 'utf-16be';
  const plain = new TextDecoder(wide || 'utf-8').decode(head);
  // A character cut in two at the end of `head` becomes one replacement sign: allowed.
  const strange = plain.match(/[\0-\x08\x0e-\x1f\x7f\ufffd]/g)?.length ?? 0;
  return plain.length > 0 && strange <= 1 ? plain : null;
}

/**
 * 'BM' alone begins many texts: the header's size and its planes must fit too. The reserved bytes may
 * hold anything (OS/2 puts a pointer's hot spot there).
 */
function isBmp(head: Uint8Array): boolean {
  if (text(head, 0, 2) !== 'BM' || head.length < 26) return false;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const headerBytes = view.getUint32(14, true);
  if (!BMP_HEADERS.includes(headerBytes)) return false;
  const bits = view.getUint16(headerBytes === 12 ? 24 : 28, true);
  return head.length < 30 || [0, 1, 2, 4, 8, 16, 24, 32].includes(bits);
}

const BMP_HEADERS = [12, 16, 40, 52, 56, 64, 108, 124];

function starts(head: Uint8Array, bytes: readonly number[]): boolean {
  return bytes.every((byte, i) => head[i] === byte);
}

/** Bytes as Latin-1 text. */
export function text(bytes: Uint8Array, offset: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(offset, offset + length));
}
