/** 0 … 1 → 0 … 255, rounded; values outside are clamped. */
export function bytesOf(values: Float32Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(values.length);
  for (let at = 0; at < bytes.length; at++) {
    bytes[at] = Math.min(255, Math.max(0, Math.round(values[at] * 255)));
  }
  return bytes;
}
