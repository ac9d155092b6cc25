/**
 * Keeps the canvas in step with view and window. Two bitmaps: the whole picture at a modest size,
 * which follows every drag, and the part in sight at the screen's own resolution, which follows when
 * the first is up to date. One request at a time; a newer wish replaces one that waits.
 */
import type { GrayWindow, PictureSource, RenderedPart } from '../../session/types.ts';
import { visibleRegion } from './view-transform.ts';
import type { Size, View } from './view-transform.ts';

/** Pixels of the whole-picture bitmap: few enough to be windowed within a frame. */
const BASE_PIXELS = 1_500_000;

interface Drawn {
  readonly part: RenderedPart;
  readonly window: GrayWindow;
}

export interface Scene {
  readonly source: PictureSource | null;
  /** Stands in until the source has drawn. */
  readonly preview: ImageBitmap | null;
  readonly picture: Size;
  readonly stage: Size;
  readonly view: View;
  readonly window: GrayWindow;
}

export class Painter {
  readonly #canvas: HTMLCanvasElement;
  readonly #onFailure: (reason: unknown) => void;
  readonly #onSettled: () => void;
  #scene: Scene | null = null;
  #base: Drawn | null = null;
  #detail: Drawn | null = null;
  #detailWish = '';
  #busy = false;
  #frame = 0;
  #disposed = false;

  constructor(
    canvas: HTMLCanvasElement,
    handlers: { onFailure(reason: unknown): void; onSettled(): void },
  ) {
    this.#canvas = canvas;
    this.#onFailure = handlers.onFailure;
    this.#onSettled = handlers.onSettled;
  }

  show(scene: Scene): void {
    if (scene.source !== this.#scene?.source) this.#forget();
    this.#scene = scene;
    this.#requestFrame();
    void this.#pump();
  }

  dispose(): void {
    this.#disposed = true;
    cancelAnimationFrame(this.#frame);
    this.#forget();
    this.#scene = null;
  }

  #forget(): void {
    this.#base?.part.bitmap.close();
    this.#detail?.part.bitmap.close();
    this.#base = null;
    this.#detail = null;
    this.#detailWish = '';
  }

  #requestFrame(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#draw());
  }

  async #pump(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    try {
      while (await this.#renderNext()) this.#requestFrame();
    } catch (reason) {
      if (!isAbort(reason)) this.#onFailure(reason);
    } finally {
      this.#busy = false;
    }
  }

  /** Renders what is most out of date; false when everything is as wished. */
  async #renderNext(): Promise<boolean> {
    const scene = this.#scene;
    const source = scene?.source;
    if (!scene || !source || this.#disposed) return false;
    if (this.#base?.window !== scene.window) {
      const share = Math.sqrt(BASE_PIXELS / (source.width * source.height));
      const region = { x: 0, y: 0, width: source.width, height: source.height };
      const scale = share >= 1 ? 1 : share / 2;
      const part = await source.render({ window: scene.window, region, scale });
      return this.#keep(source, part, scene.window, 'base');
    }
    return this.#renderDetail(scene, source);
  }

  async #renderDetail(scene: Scene, source: PictureSource): Promise<boolean> {
    const wanted = Math.min(1, scene.view.scale * devicePixelRatio);
    const base = this.#base;
    const region = visibleRegion(scene.view, scene.stage, scene.picture);
    const wish = [wanted, region.x, region.y, region.width, region.height].join(' ');
    const isCurrent = wish === this.#detailWish && this.#detail?.window === scene.window;
    const isSharp = base !== null && base.part.scale >= wanted * 0.95;
    if (isSharp || isCurrent || region.width <= 0 || region.height <= 0) return false;
    // Between two levels the coarser one is near enough if it has three quarters of the pixels.
    const part = await source.render({ window: scene.window, region, scale: wanted * 0.75 });
    this.#detailWish = wish;
    return this.#keep(source, part, scene.window, 'detail');
  }

  #keep(
    source: PictureSource,
    part: RenderedPart,
    window: GrayWindow,
    place: 'base' | 'detail',
  ): boolean {
    if (this.#disposed || this.#scene?.source !== source) {
      part.bitmap.close();
      // Another picture came meanwhile: its turn now.
      return !this.#disposed;
    }
    if (place === 'base') {
      this.#base?.part.bitmap.close();
      this.#base = { part, window };
    } else {
      this.#detail?.part.bitmap.close();
      this.#detail = { part, window };
    }
    return true;
  }

  #draw(): void {
    const scene = this.#scene;
    const context = this.#canvas.getContext('2d', { alpha: false });
    if (!scene || !context) return;
    const ratio = devicePixelRatio;
    const width = Math.max(1, Math.round(scene.stage.width * ratio));
    const height = Math.max(1, Math.round(scene.stage.height * ratio));
    if (this.#canvas.width !== width) this.#canvas.width = width;
    if (this.#canvas.height !== height) this.#canvas.height = height;
    context.resetTransform();
    context.fillStyle = getComputedStyle(this.#canvas).backgroundColor;
    context.fillRect(0, 0, width, height);
    const { view, stage, picture } = scene;
    context.setTransform(
      ratio * view.scale,
      0,
      0,
      ratio * view.scale,
      ratio * (stage.width / 2 - view.centerX * view.scale),
      ratio * (stage.height / 2 - view.centerY * view.scale),
    );
    context.imageSmoothingEnabled = true;
    context.imageSmoothingQuality = 'high';
    if (this.#base) drawPart(context, this.#base.part);
    else if (scene.preview && scene.preview.width > 0) {
      context.drawImage(scene.preview, 0, 0, picture.width, picture.height);
    }
    if (this.#detail && this.#detail.window === this.#base?.window) {
      drawPart(context, this.#detail.part);
    }
    if (this.#base?.window === scene.window) this.#onSettled();
  }
}

function drawPart(context: CanvasRenderingContext2D, part: RenderedPart): void {
  const { x, y, width, height } = part.region;
  context.drawImage(part.bitmap, x, y, width, height);
}

function isAbort(reason: unknown): boolean {
  return reason instanceof DOMException && reason.name === 'AbortError';
}
