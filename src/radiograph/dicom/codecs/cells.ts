/** A decoder's bytes → samples, once they are what the codestream promised. */
import { damaged } from '../../errors.ts';
import type { StreamSize } from './codec.ts';
import type { FrameInfo } from './wasm.ts';

/** Copies: `decoded` is a view into a program's memory, and maybe at an odd address. */
export function cells(
  decoded: Uint8Array,
  info: FrameInfo,
  { width, height, components }: StreamSize,
): Uint8Array | Uint16Array {
  const samples = width * height * components;
  const depth = info.bitsPerSample > 8 ? 2 : 1;
  const fits = info.width === width && info.height === height && info.componentCount === components;
  if (!fits || decoded.length < samples * depth) {
    throw damaged('its compressed pixels are not what they say themselves');
  }
  const bytes = decoded.slice(0, samples * depth);
  return depth === 1 ? bytes : new Uint16Array(bytes.buffer);
}
