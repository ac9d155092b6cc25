/** What lies around a DICOM data set: a MIME part, and deflate in its three forms. */
import { Decompress } from 'fflate';
import { damaged, pictureTooLarge, truncated } from '../errors.ts';
import { looksLikeDataSet, looksLikeMimePart } from './sniff.ts';

/** A radiograph of 60 megapixels; deflate packs zeros a thousandfold. */
const MOST_INFLATED = 128_000_000;

/** Inflating is told to give back what it has this often, so that a bomb is seen early. */
const INFLATE_STEP = 16_384;

/** The head of a MIME part is a few lines. */
const MOST_HEAD = 4096;

/**
 * The file without the MIME part that it was saved with. What follows the part stays: a data set
 * says itself where it ends.
 */
export function withoutMimeHead(file: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  if (!looksLikeMimePart(file)) return file;
  const head = String.fromCharCode(...file.subarray(0, MOST_HEAD));
  const base64 = /content-transfer-encoding:\s*base64/i.exec(head);
  const blank = /\r?\n\r?\n/g;
  blank.lastIndex = /application\/dicom(?![+\w])/i.exec(head)?.index ?? 0;
  if (base64 && base64.index > blank.lastIndex) blank.lastIndex = base64.index;
  if (!blank.exec(head)) return file;
  const body = file.subarray(blank.lastIndex);
  return base64 ? fromBase64(body) : body;
}

/** Up to the boundary that ends the part. @throws DamagedPictureError */
function fromBase64(body: Uint8Array): Uint8Array<ArrayBuffer> {
  const text = new TextDecoder('latin1').decode(body);
  const end = text.indexOf('\n--');
  try {
    const bytes = atob((end < 0 ? text : text.slice(0, end)).replace(/\s+/g, ''));
    return Uint8Array.from(bytes, (character) => character.charCodeAt(0));
  } catch (error) {
    throw damaged('the mail that it came in cannot be unpacked', error);
  }
}

/**
 * Raw deflate (PS3.5 annex A.5), and what writers do instead: with the head of zlib or gzip, or not
 * deflated at all.
 * @throws TruncatedPictureError, DamagedPictureError, PictureTooLargeError
 */
export function inflated(packed: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  if (looksLikeDataSet(packed)) return packed;
  const parts: Uint8Array[] = [];
  let size = 0;
  let ended = false;
  const stream = new Decompress((part, last) => {
    parts.push(part);
    size += part.length;
    ended ||= last;
  });
  try {
    for (let at = 0; at < packed.length; at += INFLATE_STEP) {
      const next = packed.subarray(at, at + INFLATE_STEP);
      stream.push(next, at + INFLATE_STEP >= packed.length);
      if (size > MOST_INFLATED) break;
    }
  } catch (error) {
    throw damaged('it cannot be unpacked', error);
  }
  if (size > MOST_INFLATED) throw pictureTooLarge(10_000, size / 20_000, MOST_INFLATED / 2);
  if (!ended) throw truncated('its packed part is not whole');
  const bytes = new Uint8Array(size);
  let to = 0;
  for (const part of parts) {
    bytes.set(part, to);
    to += part.length;
  }
  return bytes;
}
