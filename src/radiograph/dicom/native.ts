/**
 * Uncompressed pixels, looked at where they lie in the file; copied only if their order is another.
 * How many bytes there are, and what the picture looks like, is held against the header.
 */
import { damaged, truncated } from '../errors.ts';
import type { PlainFrame } from './codecs/codec.ts';
import type { DicomFile } from './dataset.ts';
import type { NativePixels } from './frame.ts';
import { differs, type PixelLayout } from './header.ts';
import { isSheared, muchSmoother, roughness, smootherDown, type Roughness } from './sight.ts';

type Bytes = Uint8Array<ArrayBuffer>;
type Cells = Uint8Array | Uint16Array;

export interface NativeFrame {
  readonly frame: PlainFrame;
  readonly layout: PixelLayout;
  /** What was not as the header says. */
  readonly notes: readonly string[];
}

/** @param frame from 0 @throws TruncatedPictureError, DamagedPictureError */
export function unpackNative(
  file: DicomFile,
  pixels: NativePixels,
  header: PixelLayout,
  frame: number,
): NativeFrame {
  const notes: string[] = [];
  const frames = pixels.single ? 1 : header.frames;
  const layout = fitted(file, pixels, header, frames, notes);
  const needed = frameBytes(layout);
  const from = pixels.single ? 0 : frame * needed;
  const bytes = pixels.bytes.subarray(from, from + needed);
  if (bytes.length < needed) throw truncated('a part of its pixels is missing');
  const data = inOrder(cellsOf(bytes, file, layout), layout, notes);
  const { width, height, samplesPerPixel, photometric } = layout;
  const size = { width, height, loss: 0 } as const;
  if (photometric === 'YBR_FULL_422') {
    // Y Y Cb Cr: every other pair is brightness, and nothing else is used.
    const grey = data.filter((_, i) => i % 4 < 2);
    return {
      frame: { ...size, data: grey, samplesPerPixel: 1, planar: 0, color: 'ybr' },
      layout: { ...layout, samplesPerPixel: 1, photometric: 'MONOCHROME2' },
      notes,
    };
  }
  const planar = samplesPerPixel === 3 ? planarSeen(data, layout, notes) : 0;
  return { frame: { ...size, data, samplesPerPixel, planar, color: null }, layout, notes };
}

function frameBytes({
  width,
  height,
  samplesPerPixel,
  bitsAllocated,
  photometric,
}: PixelLayout): number {
  const samples = width * height * samplesPerPixel;
  // Only 4:2:2 is stored subsampled without being compressed: Y Y Cb Cr for two pixels.
  const stored = photometric === 'YBR_FULL_422' ? (samples / 3) * 2 : samples;
  return stored * (bitsAllocated / 8);
}

/** The layout that the number of bytes belongs to. */
function fitted(
  file: DicomFile,
  { bytes, claimed }: NativePixels,
  header: PixelLayout,
  frames: number,
  notes: string[],
): PixelLayout {
  const total = frameBytes(header) * frames;
  const belongs = (layout: PixelLayout): boolean => {
    const rest = claimed - frameBytes(layout) * frames;
    return rest === 0 || rest === 1;
  };
  if (claimed > bytes.length) throw truncated('a part of its pixels is missing');
  if (belongs(header)) return header;
  const rough = (layout: PixelLayout): Roughness => {
    const data = cellsOf(bytes.subarray(0, frameBytes(layout)), file, layout);
    const step = layout.photometric === 'YBR_FULL_422' ? 2 : layout.samplesPerPixel;
    return roughness((i) => data[Math.min(data.length - 1, i * step)], layout.width, layout.height);
  };
  const others = alternatives(header).filter(belongs);
  const found =
    claimed < total ? others[0] : others.find((other) => smoother(rough(other), rough(header)));
  if (found) {
    notes.push(differs('bytes of pixels', total, claimed));
    return found;
  }
  if (claimed < total) {
    const behind = file.bytes.length - (file.pixels?.valueStart ?? 0);
    throw total > behind
      ? truncated('a part of its pixels is missing')
      : damaged(
          `it holds fewer pixels than it says (${count(claimed)} bytes in place of ${count(total)})`,
        );
  }
  if (isSheared(rough(header))) {
    throw damaged(
      `its header says ${count(total)} bytes of pixels, it has ${count(claimed)}, and neither makes a picture`,
    );
  }
  // Zeros and a few other bytes behind the pixels are filling.
  if (claimed - total > 64) notes.push(differs('bytes of pixels', count(total), count(claimed)));
  return header;
}

function smoother(one: Roughness, other: Roughness): boolean {
  return smootherDown(one, other) || muchSmoother(one, other);
}

/** What the same header may have meant. */
function alternatives(layout: PixelLayout): PixelLayout[] {
  const { samplesPerPixel, photometric, bitsAllocated, bitsStored } = layout;
  const found: PixelLayout[] = [];
  if (photometric === 'YBR_FULL_422') found.push({ ...layout, photometric: 'YBR_FULL' });
  if (photometric === 'YBR_FULL') found.push({ ...layout, photometric: 'YBR_FULL_422' });
  if (samplesPerPixel === 3) {
    found.push({ ...layout, samplesPerPixel: 1, photometric: 'MONOCHROME2' });
  } else if (photometric !== 'PALETTE COLOR') {
    found.push({ ...layout, samplesPerPixel: 3, photometric: 'RGB' });
  }
  if (bitsAllocated === 8) {
    found.push({ ...layout, bitsAllocated: 16, bitsStored: 16, highBit: 15 });
  } else if (bitsAllocated === 16) {
    const stored = Math.min(8, bitsStored);
    found.push({ ...layout, bitsAllocated: 8, bitsStored: stored, highBit: stored - 1 });
  }
  return found;
}

function cellsOf(bytes: Bytes, file: DicomFile, { bitsAllocated }: PixelLayout): Cells {
  // In big-endian files bytes of OW come in swapped pairs, even where a sample is a single byte.
  const swapped = !file.littleEndian && (bitsAllocated === 16 || file.pixels?.vr === 'OW');
  const own = swapped ? swapPairs(bytes) : bytes;
  if (bitsAllocated === 8) return own;
  const aligned = own.byteOffset % 2 === 0 ? own : own.slice();
  return new Uint16Array(aligned.buffer, aligned.byteOffset, aligned.length >> 1);
}

/** Samples of two bytes the other way round, where only that makes a picture. */
export function inOrder(data: Cells, layout: PixelLayout, notes: string[]): Cells {
  if (data instanceof Uint8Array || layout.bitsStored <= 8) return data;
  const { width, height, samplesPerPixel, bitsStored, highBit, signed } = layout;
  const shift = highBit + 1 - bitsStored;
  const mask = 2 ** bitsStored - 1;
  const flip = signed ? 2 ** (bitsStored - 1) : 0;
  const step = layout.photometric === 'YBR_FULL_422' ? 2 : samplesPerPixel;
  const valueOf = (cell: number): number => ((cell >> shift) & mask) ^ flip;
  const at = (i: number): number => data[Math.min(data.length - 1, i * step)];
  const here = roughness((i) => valueOf(at(i)), width, height);
  const turned = roughness((i) => valueOf(((at(i) & 255) << 8) | (at(i) >> 8)), width, height);
  if (!muchSmoother(turned, here)) return data;
  notes.push('The bytes of each sample stand in the other order than the file says.');
  return Uint16Array.from(data, (cell) => ((cell & 255) << 8) | (cell >> 8));
}

/** By pixel or by plane, as the picture shows. */
function planarSeen(data: Cells, layout: PixelLayout, notes: string[]): 0 | 1 {
  const { width, height, planar } = layout;
  const byPixel = roughness((i) => data[3 * i], width, height);
  const byPlane = roughness((i) => data[i], width, height);
  const [said, other] = planar === 0 ? [byPixel, byPlane] : [byPlane, byPixel];
  if (!smootherDown(other, said)) return planar;
  notes.push('The colors stand in the other order (by pixel or by plane) than the file says.');
  return planar === 0 ? 1 : 0;
}

function swapPairs(bytes: Uint8Array): Bytes {
  const out = new Uint8Array(bytes.length);
  for (let i = 0; i + 1 < bytes.length; i += 2) {
    out[i] = bytes[i + 1];
    out[i + 1] = bytes[i];
  }
  if (bytes.length % 2 === 1) out[bytes.length - 1] = bytes[bytes.length - 1];
  return out;
}

function count(number: number): string {
  return number.toLocaleString('en-US');
}
