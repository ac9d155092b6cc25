/**
 * A bitmap of 192 × 192 is 150 kB of memory for as long as its row exists; packed it is 5 kB. Rows
 * in sight unpack theirs.
 */

/** Pixels on the longer side: twice what a row shows, for fine screens. */
const SIDE = 160;

/** Packs and closes `bitmap`; null where this browser cannot (the row then shows none). */
export async function packThumbnail(bitmap: ImageBitmap): Promise<Blob | null> {
  try {
    if (typeof OffscreenCanvas === 'undefined') return null;
    const scale = Math.min(1, SIDE / Math.max(bitmap.width, bitmap.height));
    const canvas = new OffscreenCanvas(
      Math.max(1, Math.round(bitmap.width * scale)),
      Math.max(1, Math.round(bitmap.height * scale)),
    );
    const context = canvas.getContext('2d');
    if (!context) return null;
    context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    // A browser that cannot write WebP gives PNG: larger, and as good.
    return await canvas.convertToBlob({ type: 'image/webp', quality: 0.8 });
  } catch {
    // Decoration: a picture without it is read all the same.
    return null;
  } finally {
    bitmap.close();
  }
}
