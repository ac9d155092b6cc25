/** A data set → what it says of its pixels, checked. Tags: DICOM PS3.3 C.7.6.3. */
import { damaged, pictureTooLarge } from '../errors.ts';
import { unreadable } from './refusals.ts';
import type { DicomFile } from './dataset.ts';
import { PIXEL_DATA } from './elements.ts';
import type { Fields } from './fields.ts';
import type { Packing } from './syntaxes.ts';

const PHOTOMETRICS = [
  'MONOCHROME1',
  'MONOCHROME2',
  'PALETTE COLOR',
  'RGB',
  'YBR_FULL',
  'YBR_FULL_422',
  'YBR_PARTIAL_422',
  'YBR_PARTIAL_420',
  'YBR_ICT',
  'YBR_RCT',
] as const;

export type Photometric = (typeof PHOTOMETRICS)[number];

/** How samples are stored, and how many there are. */
export interface PixelLayout {
  /** 0: only the codestream says it, which is allowed for packed pixels. */
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  readonly photometric: Photometric;
  readonly samplesPerPixel: 1 | 3;
  /** Color by plane (1) instead of by pixel (0). */
  readonly planar: 0 | 1;
  readonly bitsAllocated: 8 | 16;
  readonly bitsStored: number;
  readonly highBit: number;
  readonly signed: boolean;
}

/** The header's words as they stand there. */
export interface HeaderClaims {
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  /** As written, in capitals. */
  readonly photometric: string;
  readonly samplesPerPixel: number | undefined;
  readonly planar: 0 | 1;
  readonly bitsAllocated: number;
  readonly bitsStored: number | undefined;
  readonly highBit: number | undefined;
  readonly signed: boolean;
  readonly hasPalette: boolean;
}

/** Read from the file where it lies: only the bytes and their grey values are in memory. */
const MOST_NATIVE_PIXELS = 100_000_000;
const MOST_PACKED_PIXELS = 40_000_000;

/** @throws DamagedPictureError, UnsupportedVariantError */
export function readClaims(file: DicomFile, fields: Fields): HeaderClaims {
  if (file.pixels && file.pixels.tag !== PIXEL_DATA) {
    throw unreadable('pixels that are no whole numbers');
  }
  return {
    width: fields.uint16(0x00280011) ?? 0,
    height: fields.uint16(0x00280010) ?? 0,
    frames: Math.max(1, Math.trunc(fields.number(0x00280008) ?? 1)),
    photometric: fields.text(0x00280004).toUpperCase(),
    samplesPerPixel: fields.uint16(0x00280002),
    planar: fields.uint16(0x00280006) === 1 ? 1 : 0,
    bitsAllocated: fields.uint16(0x00280100) ?? 0,
    bitsStored: fields.uint16(0x00280101),
    highBit: fields.uint16(0x00280102),
    signed: fields.uint16(0x00280103) === 1,
    hasPalette: fields.has(0x00281201),
  };
}

/** Bytes of all frames without compression. */
export function claimedBytes(claims: HeaderClaims): number {
  const { width, height, frames, bitsAllocated, photometric } = claims;
  const samples = claims.samplesPerPixel ?? 1;
  const stored = photometric === 'YBR_FULL_422' ? (samples / 3) * 2 : samples;
  return width * height * stored * Math.ceil(bitsAllocated / 8) * frames;
}

/**
 * @param available bytes of uncompressed pixels; not used for packed ones
 * @returns the layout, and what it took for granted
 * @throws DamagedPictureError, UnsupportedVariantError, PictureTooLargeError
 */
export function layoutOf(
  claims: HeaderClaims,
  packing: Packing,
  available: number,
): { layout: PixelLayout; notes: readonly string[] } {
  const native = packing === 'native';
  const { width, height, frames, planar, signed } = claims;
  if (native && (width < 1 || height < 1)) throw damaged('it has no width or no height');
  const most = native ? MOST_NATIVE_PIXELS : MOST_PACKED_PIXELS;
  if (width * height > most) throw pictureTooLarge(width, height, most);
  const notes: string[] = [];
  const photometric = photometricOf(claims, notes);
  const colored = !/^(?:MONOCHROME[12]|PALETTE COLOR)$/.test(photometric);
  const said = claims.samplesPerPixel ?? (colored ? 3 : 1);
  if (said !== (colored ? 3 : 1) && native) {
    throw damaged(`${said} samples a pixel do not make ${photometric}`);
  }
  const samplesPerPixel = colored ? 3 : 1;
  const least = width * height * samplesPerPixel * frames;
  const bits = native ? nativeBits(claims, available, least, notes) : packedBits(claims);
  const layout = { width, height, frames, photometric, samplesPerPixel, planar, signed } as const;
  return { layout: { ...layout, ...bits }, notes };
}

type Bits = Pick<PixelLayout, 'bitsAllocated' | 'bitsStored' | 'highBit'>;

function nativeBits(claims: HeaderClaims, available: number, least: number, notes: string[]): Bits {
  let { bitsAllocated } = claims;
  const wide = available >= 2 * least;
  const stored = claims.bitsStored ?? (bitsAllocated || 8);
  // What fits into a sample, and how much there is, say more than the size of a sample does.
  const impossible = bitsAllocated <= 16 && (bitsAllocated < stored || bitsAllocated % 8 !== 0);
  if ((bitsAllocated === 0 || impossible) && stored <= 16 && (wide || stored <= 8)) {
    const found = stored > 8 || (wide && bitsAllocated !== 8) ? 16 : 8;
    if (found !== bitsAllocated) {
      notes.push(differs('bits for a sample', bitsAllocated, found));
      bitsAllocated = found;
    }
  }
  if (bitsAllocated !== 8 && bitsAllocated !== 16) {
    throw unreadable(`samples of ${bitsAllocated} bits`);
  }
  const bitsStored = claims.bitsStored ?? bitsAllocated;
  const highBit = claims.highBit ?? bitsStored - 1;
  if (bitsStored < 1 || bitsStored > bitsAllocated) {
    throw damaged(`${bitsStored} bits do not fit into ${bitsAllocated}`);
  }
  if (highBit < bitsStored - 1 || highBit >= bitsAllocated) {
    throw damaged(`its highest bit (${highBit}) lies outside of a sample`);
  }
  return { bitsAllocated, bitsStored, highBit };
}

/** Only a first idea: the codestream has its own. */
function packedBits({ bitsAllocated, bitsStored, highBit }: HeaderClaims): Bits {
  const stored = Math.min(16, Math.max(1, bitsStored ?? (bitsAllocated || 8)));
  const cell = bitsAllocated === 16 || stored > 8 ? 16 : 8;
  const high = highBit ?? stored - 1;
  const fits = high >= stored - 1 && high < cell;
  return { bitsAllocated: cell, bitsStored: stored, highBit: fits ? high : stored - 1 };
}

/** “Its header says 10 bits a sample, its pixels 12.” */
export function differs(what: string, header: number | string, pixels: number | string): string {
  return `The header says ${header} ${what}, the pixels say ${pixels}. The pixels count.`;
}

/** Names as they are written, and the usual ones where none is. */
function photometricOf(claims: HeaderClaims, notes: string[]): Photometric {
  const { photometric, samplesPerPixel = 1, hasPalette } = claims;
  const plain = photometric.replace(/[^A-Z0-9]/g, '');
  const known = PHOTOMETRICS.find((name) => name.replace(/[^A-Z0-9]/g, '') === plain);
  if (known) return known;
  if (photometric !== '') throw unreadable(`the color model ${photometric}`);
  if (samplesPerPixel !== 1 && samplesPerPixel !== 3) {
    throw unreadable(`${samplesPerPixel} samples a pixel and no color model`);
  }
  const found = samplesPerPixel === 3 ? 'RGB' : hasPalette ? 'PALETTE COLOR' : 'MONOCHROME2';
  notes.push(`The header names no color model. The picture is shown as ${found}.`);
  return found;
}
