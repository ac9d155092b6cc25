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
  if (looksLikeDicom(head)) return 'dicom';
  return null;
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
