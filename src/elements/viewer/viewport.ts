/** One picture on one stage, and the part of it in sight. Pure state; `changed` is told of every step. */
import * as transform from './view-transform.ts';
import type { Point, Size, View } from './view-transform.ts';

export class Viewport {
  readonly #changed: () => void;
  #view: View = { scale: 1, centerX: 0, centerY: 0 };
  #stage: Size = { width: 1, height: 1 };
  #picture: Size = { width: 1, height: 1 };

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  get view(): View {
    return this.#view;
  }

  /** CSS pixels. */
  get stage(): Size {
    return this.#stage;
  }

  /** Picture pixels. */
  get picture(): Size {
    return this.#picture;
  }

  /** The whole picture is in sight. */
  get fitted(): boolean {
    return transform.isFitted(this.#view, this.#stage, this.#picture);
  }

  /** Another picture, or another size of it, in full. */
  open(picture: Size): void {
    this.#picture = picture;
    this.fit();
  }

  /** Another size of the stage: what was fitted stays so. */
  resize(stage: Size): void {
    const wasFitted = this.fitted;
    this.#stage = { width: Math.max(1, stage.width), height: Math.max(1, stage.height) };
    if (wasFitted) this.fit();
    else this.#set(this.#view);
  }

  /** The same part as of another picture. */
  showPart(part: transform.ViewPart): void {
    this.#set(transform.viewOf(part, this.#stage, this.#picture));
  }

  fit(): void {
    this.#set(transform.fitView(this.#stage, this.#picture));
  }

  /** Moves the picture with the pointer by CSS pixels. */
  panBy(by: Point): void {
    this.#set(transform.panBy(this.#view, by, this.#stage, this.#picture));
  }

  /** `at`: the stage point that stays where it is; without, the middle. */
  zoomBy(factor: number, at?: Point): void {
    const point = at ?? { x: this.#stage.width / 2, y: this.#stage.height / 2 };
    this.#set(transform.zoomAt(this.#view, factor, point, this.#stage, this.#picture));
  }

  #set(view: View): void {
    this.#view = transform.clampView(view, this.#stage, this.#picture);
    this.#changed();
  }
}
