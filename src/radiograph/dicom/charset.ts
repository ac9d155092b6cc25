/**
 * Text by Specific Character Set (PS3.3 C.12.1.1.2), with the escapes of ISO 2022 (PS3.5 section 6.1),
 * and text whose character set is named wrongly, known by which reading is valid.
 */

/** Defined terms; the same with “ISO 2022 ” in place of “ISO_”. */
const ENCODINGS: readonly (readonly [RegExp, string])[] = [
  [/192/, 'utf-8'],
  [/GB18030|GBK/, 'gb18030'],
  [/IR 58$/, 'gbk'],
  [/IR 87$|IR 159$/, 'euc-jp'],
  [/IR 149$/, 'euc-kr'],
  [/100$/, 'iso-8859-1'],
  [/101$/, 'iso-8859-2'],
  [/109$/, 'iso-8859-3'],
  [/110$/, 'iso-8859-4'],
  [/144$/, 'iso-8859-5'],
  [/127$/, 'iso-8859-6'],
  [/126$/, 'iso-8859-7'],
  [/138$/, 'iso-8859-8'],
  [/148$/, 'windows-1254'],
  [/203$/, 'iso-8859-15'],
  [/166$/, 'windows-874'],
  [/13$/, 'shift_jis'],
];

/** What follows ESC, and which reading it turns on: of the lower or of the upper 128 codes. */
const ESCAPES: readonly (readonly [code: string, half: 'low' | 'high', encoding: string])[] = [
  ['$(D', 'low', 'jis-0212'],
  ['$B', 'low', 'jis-0208'],
  ['$@', 'low', 'jis-0208'],
  ['$)C', 'high', 'euc-kr'],
  ['$)A', 'high', 'gbk'],
  ['(B', 'low', 'ascii'],
  ['(J', 'low', 'ascii'],
  [')I', 'high', 'shift_jis'],
  ['-A', 'high', 'iso-8859-1'],
  ['-B', 'high', 'iso-8859-2'],
  ['-C', 'high', 'iso-8859-3'],
  ['-D', 'high', 'iso-8859-4'],
  ['-L', 'high', 'iso-8859-5'],
  ['-G', 'high', 'iso-8859-6'],
  ['-F', 'high', 'iso-8859-7'],
  ['-H', 'high', 'iso-8859-8'],
  ['-M', 'high', 'windows-1254'],
  ['-b', 'high', 'iso-8859-15'],
  ['-T', 'high', 'windows-874'],
];

const ESC = 0x1b;
/** Latin alphabets, in which no word consists of letters beyond ASCII alone. */
const LATIN = [
  'iso-8859-1',
  'iso-8859-2',
  'iso-8859-3',
  'iso-8859-4',
  'iso-8859-15',
  'windows-1254',
];

/** @param sets the values of Specific Character Set */
export function decodeText(bytes: Uint8Array, sets: readonly string[]): string {
  if (bytes.includes(ESC)) return decodeEscaped(bytes, encodingOf(sets[0] ?? ''));
  if (bytes.every((byte) => byte < 0x80)) return ascii(bytes);
  // Without an escape the first set counts; where it says nothing, the file means the next one.
  const named = sets.find((set) => set !== '' && !/IR 6$/.test(set));
  const declared = encodingOf(named ?? '');
  const utf8 = valid(bytes, 'utf-8');
  if (declared === 'utf-8') return utf8 ?? valid(bytes, 'gb18030') ?? decode(bytes, 'iso-8859-1');
  if (LATIN.includes(declared)) {
    return utf8 ?? (looksLikeGbk(bytes) ? decode(bytes, 'gb18030') : decode(bytes, declared));
  }
  return valid(bytes, declared) ?? utf8 ?? decode(bytes, declared);
}

function encodingOf(set: string): string {
  return ENCODINGS.find(([pattern]) => pattern.test(set))?.[1] ?? 'iso-8859-1';
}

/**
 * Words of nothing but pairs of the common Chinese characters (GB 2312, level 1), as a name in a
 * file whose writer says Latin 1.
 */
function looksLikeGbk(bytes: Uint8Array): boolean {
  let pairs = 0;
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] < 0x80) {
      const isLetter = /[A-Za-z]/.test(String.fromCharCode(bytes[at]));
      if (isLetter && (bytes[at - 1] >= 0x80 || bytes[at + 1] >= 0x80)) return false;
      continue;
    }
    const [lead, trail] = [bytes[at], bytes[at + 1] ?? 0];
    if (lead < 0xb0 || lead > 0xd7 || trail < 0xa1) return false;
    pairs++;
    at++;
  }
  return pairs > 0;
}

/** Runs between escapes and delimiters; each line and each part of a name begins anew. */
function decodeEscaped(bytes: Uint8Array, first: string): string {
  let text = '';
  let low = 'ascii';
  let high = first;
  let from = 0;
  const flush = (to: number): void => {
    if (to > from) text += decodeRun(bytes.subarray(from, to), low, high);
  };
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === ESC) {
      flush(at);
      const next = ascii(bytes.subarray(at + 1, at + 4));
      const found = ESCAPES.find(([code]) => next.startsWith(code));
      if (found?.[1] === 'low') low = found[2];
      if (found?.[1] === 'high') high = found[2];
      at += found?.[0].length ?? 0;
      from = at + 1;
    } else if (low === 'ascii' && isDelimiter(byte) && !isTrail(bytes, from, at, high)) {
      flush(at + 1);
      from = at + 1;
      // The escape of a set of two bytes counts on where a writer left it out of the next part.
      if (!['euc-kr', 'gbk'].includes(high)) high = first;
    }
  }
  flush(bytes.length);
  return text;
}

/** CR, LF, FF, TAB, and those of names and of several values. */
function isDelimiter(byte: number): boolean {
  return [0x0a, 0x0c, 0x0d, 0x09, 0x5c, 0x5e, 0x3d].includes(byte);
}

/** In GBK the second byte of a character may look like a delimiter. */
function isTrail(bytes: Uint8Array, from: number, at: number, high: string): boolean {
  if (high !== 'gbk' && high !== 'gb18030') return false;
  let place = from;
  while (place < at) place += bytes[place] >= 0x81 ? 2 : 1;
  return place > at;
}

function decodeRun(bytes: Uint8Array, low: string, high: string): string {
  if (low === 'ascii') return decode(bytes, high);
  // The same tables as in EUC-JP, where they stand in the upper half.
  const raised: number[] = [];
  for (let at = 0; at < bytes.length; at++) {
    const single = bytes[at] < 0x21 || bytes[at] >= 0x80 || at + 1 >= bytes.length;
    if (single) {
      raised.push(bytes[at]);
      continue;
    }
    if (low === 'jis-0212') raised.push(0x8f);
    raised.push(bytes[at] | 0x80, bytes[at + 1] | 0x80);
    at++;
  }
  return decode(Uint8Array.from(raised), 'euc-jp');
}

function valid(bytes: Uint8Array, encoding: string): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(withoutPadding(bytes));
  } catch {
    return null;
  }
}

/** A value is filled up to an even length; the filling is no part of a last character. */
function withoutPadding(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] === 0 || bytes[end - 1] === 0x20)) end--;
  return bytes.subarray(0, end);
}

function decode(bytes: Uint8Array, encoding: string): string {
  return new TextDecoder(encoding).decode(bytes);
}

function ascii(bytes: Uint8Array): string {
  return new TextDecoder('latin1').decode(bytes);
}
