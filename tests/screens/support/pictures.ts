import { PictureRenderer } from '../../../src/session/index.ts';
import type { PictureSource, RenderRequest } from '../../../src/session/index.ts';

/** A picture rendered in the page by the worker's own code; counts what was asked of it. */
export class PageSource implements PictureSource {
  readonly width: number;
  readonly height: number;
  readonly facts: PictureSource['facts'];
  readonly requests: RenderRequest[] = [];
  closed = false;
  readonly #renderer: PictureRenderer;

  constructor(
    width: number,
    height: number,
    gray: (x: number, y: number) => number,
    bitsStored = 8,
  ) {
    const pixels = new Float32Array(width * height);
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1) pixels[y * width + x] = gray(x, y);
    }
    this.#renderer = new PictureRenderer({
      pixels,
      width,
      height,
      bitsStored,
      format: 'png',
      attributes: {},
      warnings: [],
    });
    this.width = width;
    this.height = height;
    this.facts = this.#renderer.facts;
  }

  async render(request: RenderRequest): ReturnType<PictureSource['render']> {
    this.requests.push(request);
    return this.#renderer.render(request);
  }

  close(): void {
    this.closed = true;
  }
}

/** Gray 0 … 255 of the canvas at a share of its width and height. */
export function grayAt(canvas: HTMLCanvasElement, x: number, y: number): number {
  const context = canvas.getContext('2d');
  const data = context?.getImageData(
    Math.min(canvas.width - 1, Math.floor(x * canvas.width)),
    Math.min(canvas.height - 1, Math.floor(y * canvas.height)),
    1,
    1,
  ).data;
  return data?.[0] ?? Number.NaN;
}
