/** Samples a pixel, as the file's own header has it: a grey picture saved as RGB says 3. */

/** PNG color type → channels (W3C PNG, 11.2.1); a palette is one. */
const PNG_CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/**
 * @param head the first bytes of a PNG or JPEG (64 kB hold the frame header of all but odd files)
 * @returns null for other formats, and where it is not found
 */
export function channelsOf(head: Uint8Array): number | null {
  if (head[0] === 0x89 && head[1] === 0x50) return PNG_CHANNELS[head[25] ?? -1] ?? null;
  if (head[0] === 0xff && head[1] === 0xd8) return jpegComponents(head);
  return null;
}

/** The component count of the first frame header (ITU T.81, B.2.2). */
function jpegComponents(head: Uint8Array): number | null {
  for (let at = 2; at + 9 < head.length;) {
    if (head[at] !== 0xff) return null;
    const marker = head[at + 1] ?? 0;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return head[at + 9] ?? null;
    at += marker === 0xff ? 1 : 2 + (((head[at + 2] ?? 0) << 8) | (head[at + 3] ?? 0));
  }
  return null;
}
