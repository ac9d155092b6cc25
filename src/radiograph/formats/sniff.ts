/** Formats by their first bytes, never by the file's name or the type the browser guessed. */
import { starts, text } from './bytes.ts';
import { looksLikeDicom } from '../dicom/sniff.ts';
import type { RadiographFormat } from '../types.ts';

export { text } from './bytes.ts';

/** As many bytes as any rule here looks at. */
export const HEAD_BYTES = 512;

/** `head`: the first bytes of the file, 136 or more where there are that many. */
export function sniffFormat(head: Uint8Array): RadiographFormat | null {
  if (starts(head, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return 'png';
  if (starts(head, [0xff, 0xd8, 0xff])) return 'jpeg';
  if (text(head, 0, 4) === 'RIFF' && text(head, 8, 4) === 'WEBP') return 'webp';
  if (text(head, 0, 6) === 'GIF87a' || text(head, 0, 6) === 'GIF89a') return 'gif';
  if (isBmp(head)) return 'bmp';
  // A DICOM file may begin as a TIFF does (PS3.10, 7.1), so that programs that know none can open it.
  if (text(head, 128, 4) === 'DICM') return 'dicom';
  if (/^(?:II[*+]\0|MM\0[*+])/.test(text(head, 0, 4))) return 'tiff';
  if (text(head, 4, 4) === 'ftyp') return heifKind(head);
  // Some mails put a few bytes before it (ISO 32000-1, annex H.3.4.1).
  if (/^[\0-\x20\xef\xbb\xbf]{0,16}%PDF-/.test(text(head, 0, 32))) return 'pdf';
  if (looksLikeDicom(head)) return 'dicom';
  return null;
}

/** By the kinds that the file says it is (ISO/IEC 14496-12, 4.3); null for a video. */
function heifKind(head: Uint8Array): 'avif' | 'heic' | null {
  const end = Math.min(head.length, (head[2] << 8) | head[3]);
  const brands = [text(head, 8, 4)];
  for (let at = 16; at + 4 <= end; at += 4) brands.push(text(head, at, 4));
  const still = /^(?:avi[fs]|hei[cxms]|hev[cxms]|mif1|msf1)$/;
  if (!still.test(brands[0])) return null;
  return brands.some((brand) => /^avi[fs]$/.test(brand)) ? 'avif' : 'heic';
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
