/** Files that people do open and that are no radiograph here: what they are, and what to do with each. */
import { starts, text } from './bytes.ts';

/** Sorts of files that are no radiograph here, coarse enough to be counted. */
export type OtherKind = 'text' | 'document' | 'other-picture' | 'media' | 'archive' | 'program';

export interface OtherFile {
  /** With its article. */
  readonly name: string;
  readonly kind: OtherKind;
  /** What to do with this file; without it, the picture is to be exported as PNG or JPEG. */
  readonly remedy?: string;
}

const UNPACK =
  'Unpack it on this device, then open the folder with the DICOM, PNG or JPEG files. Or pack them again as ZIP.';
const LINK = 'This is only a link. Open the file that it points to.';
export const PHONE =
  'Share the photo as JPEG or PNG. On an iPhone, choose Settings, Camera, Formats, Most Compatible before taking the next one.';
const ALONE = 'Save the picture inside it as PNG or JPEG, then open that file.';

/** Null for bytes nobody knows. `head`: the first 512 bytes. */
export function describeOther(head: Uint8Array): OtherFile | null {
  for (const [signature, offset, name, kind, remedy] of SIGNATURES) {
    if (text(head, offset, signature.length) === signature) {
      return { name, kind, ...(remedy && { remedy }) };
    }
  }
  const brand = text(head, 4, 4) === 'ftyp' ? text(head, 8, 4) : '';
  if (brand !== '') return { name: 'a video', kind: 'media' };
  return describeText(head);
}

/** What stands behind the first 32 kB: an image of a disc (ISO 9660, 6.2; ECMA-167 for UDF). */
export const DISC_MARK_AT = 32_769;
export function describeDisc(mark: Uint8Array): OtherFile | null {
  if (!/^(?:CD001|BEA01|NSR0)/.test(text(mark, 0, 5))) return null;
  return {
    name: 'the image of a disc (ISO)',
    kind: 'archive',
    remedy:
      'Open the ISO on a computer (double-click it), then open the folder or disc that appears.',
  };
}

type Signature = readonly [
  signature: string,
  offset: number,
  name: string,
  kind: OtherKind,
  remedy?: string,
];

const SIGNATURES: readonly Signature[] = [
  ['PK\x03\x04', 0, 'a ZIP archive (or an Office document)', 'archive', ALONE],
  ['PK\x05\x06', 0, 'an empty ZIP archive', 'archive', 'Open the archive that has the pictures.'],
  ['\x1f\x8b', 0, 'a gzip archive', 'archive', UNPACK],
  ['7z\xbc\xaf\x27\x1c', 0, 'a 7-Zip archive', 'archive', UNPACK],
  ['Rar!', 0, 'a RAR archive', 'archive', UNPACK],
  ['BZh', 0, 'a bzip2 archive', 'archive', UNPACK],
  ['\xfd7zXZ', 0, 'an XZ archive', 'archive', UNPACK],
  ['\x28\xb5\x2f\xfd', 0, 'a Zstandard archive', 'archive', UNPACK],
  ['MSCF', 0, 'a Windows cabinet archive', 'archive', UNPACK],
  ['ustar', 257, 'a TAR archive', 'archive', UNPACK],
  ['8BPS', 0, 'a Photoshop document', 'other-picture'],
  ['\xd0\xcf\x11\xe0', 0, 'an Office document or a saved e-mail', 'document', ALONE],
  ['\0\0\0\x0cjP  ', 0, 'a JPEG 2000 picture', 'other-picture'],
  ['\xff\x4f\xff\x51', 0, 'a JPEG 2000 picture', 'other-picture'],
  ['\0\0\0\x0cJXL ', 0, 'a JPEG XL picture', 'other-picture'],
  ['\xff\x0a', 0, 'a JPEG XL picture', 'other-picture'],
  ['\0\0\x01\0', 0, 'an icon', 'other-picture'],
  ['RIFF', 0, 'a sound or video file', 'media'],
  ['\x1a\x45\xdf\xa3', 0, 'a video', 'media'],
  [
    'MZ',
    0,
    'a program',
    'program',
    'If it unpacks pictures, start it on a Windows computer and open the folder that it makes.',
  ],
  ['\x7fELF', 0, 'a program', 'program'],
  ['L\0\0\0\x01\x14\x02\0', 0, 'a Windows shortcut', 'text', LINK],
  ['book\0\0\0\0mark', 0, 'a macOS alias', 'text', LINK],
  [
    '\0\x05\x16\x07',
    0,
    'a note that a Mac keeps beside a file (AppleDouble)',
    'text',
    'Open the file of the same name without “._” in front of it.',
  ],
];

function describeText(head: Uint8Array): OtherFile | null {
  const plain = decodeText(head);
  if (plain === null) return null;
  const start = plain.trimStart().toLowerCase();
  if (/^\[(?:internetshortcut|desktop entry)/.test(start) || /<key>url<\/key>/.test(start)) {
    return { name: 'a shortcut', kind: 'text', remedy: LINK };
  }
  if (/^(<\?xml[^>]*>\s*)?(<!--[\s\S]*?-->\s*)*(<!doctype svg[^>]*>\s*)?<svg[\s>]/.test(start)) {
    return { name: 'an SVG drawing', kind: 'other-picture' };
  }
  if (/^(<!--[\s\S]*?-->\s*)*<(!doctype html|html|head|body)[\s>]/.test(start)) {
    return {
      name: 'a web page (HTML)',
      kind: 'text',
      remedy:
        'The download saved a page instead of the picture. Sign in there, download the picture as DICOM, PNG or JPEG, and open that.',
    };
  }
  if (start.startsWith('<?xml')) {
    return start.includes('<svg')
      ? { name: 'an SVG drawing', kind: 'other-picture' }
      : { name: 'an XML document', kind: 'text' };
  }
  return { name: 'a text file', kind: 'text' };
}

/** Text if no control character but the usual white space is in it. */
function decodeText(head: Uint8Array): string | null {
  const wide = starts(head, [0xff, 0xfe]) ? 'utf-16le' : starts(head, [0xfe, 0xff]) && 'utf-16be';
  const plain = new TextDecoder(wide || 'utf-8').decode(head);
  // A character cut in two at the end of `head` becomes one replacement sign: allowed.
  const strange = plain.match(/[\0-\x08\x0e-\x1f\x7f\ufffd]/g)?.length ?? 0;
  return plain.length > 0 && strange <= 1 ? plain : null;
}

/** The name, with its article, of a file that cannot be a radiograph here; null for unknown bytes. */
export function nameOther(head: Uint8Array): string | null {
  return describeOther(head)?.name ?? null;
}

/** The sort of a file that `sniffFormat` does not know; null for bytes nobody knows. */
export function kindOfOther(head: Uint8Array): OtherKind | null {
  return describeOther(head)?.kind ?? null;
}
