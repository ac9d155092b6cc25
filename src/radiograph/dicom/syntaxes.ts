/** Transfer syntaxes (DICOM PS3.5 section 10 and annex A; UIDs in PS3.6 annex A). */

/** How the pixels of a file are packed: `native` as they are, the others by a codec of that name. */
export type Packing = 'native' | CodecName;

export type CodecName = 'rle' | 'jpeg' | 'jpeg-2000' | 'htj2k';

export interface TransferSyntax {
  readonly uid: string;
  readonly packing: Packing;
  /** Explicit VR in big-endian order (retired, and still on old archives). */
  readonly bigEndian?: true;
  /** Everything after the file meta information is one raw deflate stream. */
  readonly deflated?: true;
  /** None that is known here: whether it can be read shows when the pixels are looked at. */
  readonly unknown?: true;
}

/** Syntaxes that hold no still picture. */
export type UnreadableSyntax = 'video' | 'elsewhere';

const ROOT = '1.2.840.10008.1.2';

/**
 * JPEG, JPEG lossless and JPEG-LS say in their own first bytes which of them they are: files do
 * name the wrong one, so they share an entry (codecs/jpeg.ts).
 */
const SYNTAXES: readonly TransferSyntax[] = [
  { uid: ROOT, packing: 'native' },
  { uid: `${ROOT}.1`, packing: 'native' },
  { uid: `${ROOT}.1.98`, packing: 'native' },
  { uid: `${ROOT}.1.99`, packing: 'native', deflated: true },
  { uid: `${ROOT}.2`, packing: 'native', bigEndian: true },
  { uid: `${ROOT}.5`, packing: 'rle' },
  // Baseline, extended, and their retired relatives, lossless ones among them.
  ...range(50, 66).map((last) => ({ uid: `${ROOT}.4.${last}`, packing: 'jpeg' as const })),
  { uid: `${ROOT}.4.70`, packing: 'jpeg' },
  { uid: `${ROOT}.4.80`, packing: 'jpeg' },
  { uid: `${ROOT}.4.81`, packing: 'jpeg' },
  { uid: `${ROOT}.4.90`, packing: 'jpeg-2000' },
  { uid: `${ROOT}.4.91`, packing: 'jpeg-2000' },
  { uid: `${ROOT}.4.201`, packing: 'htj2k' },
  { uid: `${ROOT}.4.202`, packing: 'htj2k' },
  { uid: `${ROOT}.4.203`, packing: 'htj2k' },
];

const BY_UID = new Map(SYNTAXES.map((syntax) => [syntax.uid, syntax]));

/** MPEG-2, MPEG-4, HEVC (4.100 … 4.108) and SMPTE ST 2110 (1.2.7.…). */
const VIDEO = /^1\.2\.840\.10008\.1\.2\.(?:4\.10\d|7(?:\.\d+)?)(?:\.1)?$/;
/** JPIP: the file only says where the pixels are to be fetched from. */
const ELSEWHERE = /^1\.2\.840\.10008\.1\.2\.4\.(?:94|95|204|205)$/;

/** The syntax of a UID, or why it holds no still picture. */
export function transferSyntax(uid: string): TransferSyntax | UnreadableSyntax {
  const known = BY_UID.get(uid);
  if (known) return known;
  if (VIDEO.test(uid)) return 'video';
  return ELSEWHERE.test(uid) ? 'elsewhere' : { uid, packing: 'native', unknown: true };
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}
