/** What is laid over a picture, and how it is drawn there. Used by the viewer and by exports alike. */
import type { Size, View } from '../viewer/view-transform.ts';
import { sharePixels } from './field-image.ts';
import type { OverlayScene, ShareMap } from '../../state/overlay.ts';

/** The map as a picture, made anew only when the map changes: sliding the strength costs nothing. */
export class MapImage {
  #map: ShareMap | null = null;
  #image: OffscreenCanvas | null = null;

  of(map: ShareMap | null): OffscreenCanvas | null {
    if (map === this.#map) return this.#image;
    this.#map = map;
    this.#image = map ? imageOf(map) : null;
    return this.#image;
  }
}

function imageOf({ shares, width, height }: ShareMap): OffscreenCanvas {
  const image = new OffscreenCanvas(width, height);
  image.getContext('2d')?.putImageData(new ImageData(sharePixels(shares), width, height), 0, 0);
  return image;
}

/** Where the whole picture lies on the drawing surface, in its pixels. */
export interface Placement {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The same geometry as the viewer's painter, in device pixels. */
export function placementOf(view: View, stage: Size, picture: Size, ratio: number): Placement {
  return {
    x: ratio * (stage.width / 2 - view.centerX * view.scale),
    y: ratio * (stage.height / 2 - view.centerY * view.scale),
    width: ratio * view.scale * picture.width,
    height: ratio * view.scale * picture.height,
  };
}

type Surface = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** @param unit surface pixels of one CSS pixel, so that lines keep their width under zoom */
export function drawOverlay(
  context: Surface,
  scene: OverlayScene,
  image: OffscreenCanvas | null,
  place: Placement,
  unit: number,
): void {
  if (image) {
    context.save();
    context.globalAlpha = Math.min(1, Math.max(0, scene.strength));
    context.imageSmoothingEnabled = true;
    context.imageSmoothingQuality = 'high';
    context.drawImage(image, place.x, place.y, place.width, place.height);
    context.restore();
  }
  if (scene.outlines) drawOutlines(context, scene.outlines, place, unit);
}

/** White on black: seen on dark lung, on bright bone and on every color of the evidence. */
function drawOutlines(
  context: Surface,
  outlines: readonly (readonly number[])[],
  place: Placement,
  unit: number,
): void {
  context.save();
  context.lineJoin = 'round';
  context.beginPath();
  for (const outline of outlines) {
    for (let index = 0; index + 1 < outline.length; index += 2) {
      const x = place.x + outline[index] * place.width;
      const y = place.y + outline[index + 1] * place.height;
      if (index === 0) context.moveTo(x, y);
      else context.lineTo(x, y);
    }
    context.closePath();
  }
  context.strokeStyle = 'rgb(0 0 0 / 75%)';
  context.lineWidth = 4 * unit;
  context.stroke();
  context.strokeStyle = '#fff';
  context.lineWidth = 1.75 * unit;
  context.setLineDash([7 * unit, 4 * unit]);
  context.stroke();
  context.restore();
}
