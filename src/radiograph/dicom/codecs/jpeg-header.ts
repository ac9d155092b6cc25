/** What a JPEG codestream of any kind (T.81, T.87) says of itself before its first sample. */
import { damaged, truncated } from '../../errors.ts';
import type { PixelLayout } from '../header.ts';

export interface JpegHeader {
  /** The frame's marker: 0xc0 baseline, 0xc1 extended, 0xc2 progressive, 0xc3 lossless, 0xf7 JPEG-LS … */
  readonly frame: number;
  readonly precision: number;
  readonly width: number;
  readonly height: number;
  readonly components: number;
  /** The stream says itself what its colors are. */
  readonly namesColors: boolean;
}

const SOI = 0xd8;
const SOS = 0xda;
const APP0 = 0xe0;
const APP14 = 0xee;
const JPEG_LS = 0xf7;
/** DHT, JPG and DAC share their range with the frames. */
const NO_FRAME = [0xc4, 0xc8, 0xcc];

/** @throws TruncatedPictureError, DamagedPictureError also where it is another picture than the header's */
export function readJpegHeader(bytes: Uint8Array, layout: PixelLayout): JpegHeader {
  if (bytes[0] !== 0xff || bytes[1] !== SOI) throw damaged('its pixels do not begin as JPEG does');
  let namesColors = false;
  for (let at = 2; ;) {
    while (bytes[at] === 0xff && bytes[at + 1] === 0xff) at++;
    if (at + 4 > bytes.length) throw truncated('its pixels are missing');
    if (bytes[at] !== 0xff) throw damaged('the parts of its JPEG do not follow one another');
    const marker = bytes[at + 1];
    const end = at + 2 + ((bytes[at + 2] << 8) | bytes[at + 3]);
    if (end > bytes.length) throw truncated('a part of its pixels is missing');
    const segment = bytes.subarray(at + 4, end);
    if (marker === APP0 && starts(segment, 'JFIF')) namesColors = true;
    if (marker === APP14 && starts(segment, 'Adobe')) namesColors = true;
    if (isFrame(marker)) return check(frameOf(marker, segment, namesColors), layout, bytes);
    if (marker === SOS) throw damaged('its JPEG does not say how large it is');
    at = end;
  }
}

function isFrame(marker: number): boolean {
  return marker === JPEG_LS || (marker >= 0xc0 && marker <= 0xcf && !NO_FRAME.includes(marker));
}

function frameOf(frame: number, segment: Uint8Array, namesColors: boolean): JpegHeader {
  if (segment.length < 6) throw damaged('the header of its JPEG is too short');
  const [precision, h1, h0, w1, w0, components] = segment;
  return {
    frame,
    precision,
    width: (w1 << 8) | w0,
    height: (h1 << 8) | h0,
    components,
    namesColors,
  };
}

function check(header: JpegHeader, layout: PixelLayout, bytes: Uint8Array): JpegHeader {
  const { width, height, components, precision } = header;
  if (width !== layout.width || height !== layout.height) {
    throw damaged(`its pixels are ${width} × ${height}, not ${layout.width} × ${layout.height}`);
  }
  if (components !== layout.samplesPerPixel)
    throw damaged('its pixels have other colors than it says');
  if (precision < 2 || precision > 16) throw damaged(`its samples have ${precision} bits`);
  if (!endsWell(bytes)) throw truncated('the end of its pixels is missing');
  return header;
}

/** The marker EOI, and after it nothing but padding. */
function endsWell(bytes: Uint8Array): boolean {
  let last = bytes.length - 1;
  while (last > 0 && (bytes[last] === 0 || bytes[last] === 0xff)) last--;
  return bytes[last] === 0xd9 && bytes[last - 1] === 0xff;
}

function starts(segment: Uint8Array, text: string): boolean {
  return String.fromCharCode(...segment.subarray(0, text.length)) === text;
}
