/** What lies under a corner, three times as large, with a cross: fingers are thicker than a film's edge. */
import type { Point } from '../../film/types.ts';

const MAGNIFIED = 3;

/**
 * @param place of the corner, as shares of the picture
 * @param shown screen pixels a pixel of the picture
 */
export function drawLens(
  canvas: HTMLCanvasElement,
  picture: ImageBitmap,
  place: Point,
  shown: number,
): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  const size = canvas.width;
  // The canvas has two pixels to one of the screen.
  const scale = 2 * MAGNIFIED * shown;
  const across = size / scale;
  context.fillStyle = '#000000';
  context.fillRect(0, 0, size, size);
  context.imageSmoothingEnabled = true;
  context.drawImage(
    picture,
    place.x * picture.width - across / 2,
    place.y * picture.height - across / 2,
    across,
    across,
    0,
    0,
    size,
    size,
  );
  for (const [color, width] of [
    ['#000000', 5],
    ['#7fe0e6', 2],
  ] as const) {
    context.strokeStyle = color;
    context.lineWidth = width;
    context.beginPath();
    context.moveTo(size / 2, size * 0.2);
    context.lineTo(size / 2, size * 0.8);
    context.moveTo(size * 0.2, size / 2);
    context.lineTo(size * 0.8, size / 2);
    context.stroke();
  }
}
