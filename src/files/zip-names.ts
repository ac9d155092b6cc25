/**
 * The names in a ZIP archive. The format knows two encodings, CP437 and UTF-8 (APPNOTE.TXT 6.3.10,
 * appendix D), and a field for a UTF-8 name beside the other (4.6.9); but programs write whatever the
 * system speaks: Shift-JIS in Japan, GBK in China. Names are decoded before they are taken apart at
 * separators, because 0x5C and 0x2F may be the second half of a character.
 */
import { crc32 } from '../radiograph/index.ts';
import { guessText } from './guess-text.ts';

export interface RawName {
  readonly bytes: Uint8Array;
  /** Bit 11 of the entry's flags. */
  readonly saysUtf8: boolean;
  /** The entry's extra field. */
  readonly extra: Uint8Array;
}

/** Info-ZIP Unicode Path. */
const UNICODE_PATH = 0x7075;

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });
const utf8 = new TextDecoder('utf-8');

/** Names as they are to be shown, in the same order. What must be guessed is guessed for all together. */
export function decodeNames(names: readonly RawName[]): string[] {
  const certain = names.map(certainName);
  const open = names.filter((_, index) => certain[index] === null).map(({ bytes }) => bytes);
  if (open.length === 0) return certain as string[];
  const guessed = guessText(open);
  let next = 0;
  return certain.map((name) => name ?? guessed[next++]);
}

/** Null for bytes above 0x7F that nothing explains. */
function certainName({ bytes, saysUtf8, extra }: RawName): string | null {
  const fromField = unicodePath(bytes, extra);
  if (fromField !== null) return fromField;
  try {
    return strictUtf8.decode(bytes);
  } catch {
    // A name cut at a fixed length may end inside a character.
    return saysUtf8 && isNearlyUtf8(bytes) ? utf8.decode(bytes) : null;
  }
}

function isNearlyUtf8(bytes: Uint8Array): boolean {
  try {
    // As a stream, the end may lack bytes.
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** It counts only for the very name that it was made for: a tool that renames may leave it behind. */
function unicodePath(name: Uint8Array, extra: Uint8Array): string | null {
  const view = new DataView(extra.buffer, extra.byteOffset, extra.byteLength);
  for (let at = 0; at + 4 <= extra.length;) {
    const end = at + 4 + view.getUint16(at + 2, true);
    if (end > extra.length) return null;
    if (view.getUint16(at, true) === UNICODE_PATH && end >= at + 9 && extra[at + 4] === 1) {
      if (view.getUint32(at + 5, true) !== crc32(name, 0, name.length)) return null;
      try {
        return strictUtf8.decode(extra.subarray(at + 9, end));
      } catch {
        return null;
      }
    }
    at = end;
  }
  return null;
}
