import { encode } from 'uqr';

/**
 * The dark squares of a QR code, row by row, without the quiet zone (four squares wide, it is the
 * page's). Error correction M: a fold or a stamp over 15 % of it does no harm.
 * @throws RangeError for more text than a code holds (about 2,300 bytes)
 */
export function qrModules(text: string): readonly (readonly boolean[])[] {
  return encode(text, { ecc: 'M', border: 0 }).data;
}
