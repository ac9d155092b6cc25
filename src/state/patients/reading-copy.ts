/** A picture to look at later: drawn as it is first shown, much smaller than the file. */
import { blobOf, FULL_WINDOW } from '../../session/index.ts';
import type { Case } from '../../session/types.ts';
import type { PictureOpener } from '../picture-opener.ts';

/** Pixels on the larger side. */
export const COPY_SIDE = 1024;

/** Null where the picture has no file. @throws what the decoder throws, and AbortError */
export async function readingCopy(
  { source: file, adjust, frame }: Case,
  viewing: PictureOpener,
): Promise<Blob | null> {
  if (!file) return null;
  const picture = await viewing.open(await blobOf(file), undefined, adjust ?? null, frame ?? 0);
  try {
    const { width, height, facts } = picture;
    const scale = Math.min(1, COPY_SIDE / Math.max(width, height));
    const [preset] = facts.presets;
    const window = preset
      ? {
          center: preset.center,
          width: preset.width,
          inverted: false,
          ...(preset.curve && { curve: preset.curve }),
        }
      : FULL_WINDOW;
    const region = { x: 0, y: 0, width, height };
    const part = await picture.render({ window, region, scale });
    try {
      const canvas = new OffscreenCanvas(
        Math.max(1, Math.round(width * scale)),
        Math.max(1, Math.round(height * scale)),
      );
      const context = canvas.getContext('2d', { alpha: false });
      if (!context) return null;
      context.imageSmoothingQuality = 'high';
      context.drawImage(part.bitmap, 0, 0, canvas.width, canvas.height);
      // Browsers that cannot write WebP give PNG.
      return await canvas.convertToBlob({ type: 'image/webp', quality: 0.9 });
    } finally {
      part.bitmap.close();
    }
  } finally {
    picture.close();
  }
}
