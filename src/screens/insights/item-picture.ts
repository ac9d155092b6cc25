import { css, html, nothing, svg } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { LabelledItem, ShownPicture } from '../../dataset/index.ts';
import { FieldrayElement } from '../../elements/base.ts';
import { icon } from '../../elements/icons.ts';
import { baseStyles } from '../../elements/styles.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-item-picture': FrItemPicture;
  }
}

/** Gives a picture of the folder for the eye; rejects with a Fault. */
export type ShowItem = (item: LabelledItem, withMask: boolean) => Promise<ShownPicture>;

/**
 * A picture of the opened folder. It is read when it comes into sight and let go when it leaves, so
 * that a thousand of them on a page cost what a screenful does.
 */
@customElement('fr-item-picture')
export class FrItemPicture extends FieldrayElement {
  static override styles = [
    baseStyles,
    css`
      :host {
        display: block;
        position: relative;
        aspect-ratio: 1;
        overflow: hidden;
        border-radius: var(--radius-small);
        background: var(--stage);
        color: var(--on-stage);
      }

      canvas {
        display: block;
        inline-size: 100%;
        block-size: 100%;
        object-fit: contain;
      }

      svg.outline {
        position: absolute;
        inset: 0;
        inline-size: 100%;
        block-size: 100%;
        pointer-events: none;
      }

      .outline path {
        fill: none;
        stroke: #ffd166;
        stroke-width: 2;
        vector-effect: non-scaling-stroke;
      }

      .failed {
        position: absolute;
        inset: 0;
        display: grid;
        place-content: center;
        justify-items: center;
        padding: var(--space-2);
        font-size: var(--text-small);
        line-height: 1.3;
        text-align: center;
      }

      @media print {
        canvas {
          print-color-adjust: exact;
        }
      }
    `,
  ];

  @property({ attribute: false }) item: LabelledItem | null = null;
  @property({ attribute: false }) show: ShowItem | null = null;
  /** What the picture is of, for screen readers. */
  @property() label = '';
  @property({ type: Boolean }) outlined = false;

  @state() private shown: ShownPicture | null = null;
  @state() private failure = '';
  @query('canvas') private readonly canvas!: HTMLCanvasElement;
  private inSight = false;
  private asked: LabelledItem | null = null;
  private readonly observer = new IntersectionObserver(
    (entries) => {
      this.inSight = entries[entries.length - 1]?.isIntersecting ?? false;
      void this.load();
    },
    { rootMargin: '300px' },
  );

  override connectedCallback(): void {
    super.connectedCallback();
    this.observer.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.observer.disconnect();
    this.inSight = false;
    void this.load();
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('item') || changed.has('outlined')) {
      this.asked = null;
      void this.load();
    }
  }

  protected override render(): unknown {
    return html`<canvas width="1" height="1" role="img" aria-label=${this.label}></canvas> ${
        this.shown && this.outlined
          ? html`<svg
              class="outline"
              viewBox="0 0 1 1"
              preserveAspectRatio="none"
              aria-hidden="true"
            >
              ${this.shown.outlines.map((line) => svg`<path d=${pathOf(line)} />`)}
            </svg>`
          : nothing
      }
      ${
        this.failure
          ? html`<div class="failed">${icon('caution', 20)} ${this.failure}</div>`
          : nothing
      }`;
  }

  protected override updated(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('shown')) this.draw();
  }

  private async load(): Promise<void> {
    const { item, show } = this;
    if (!this.inSight || !item || !show) {
      this.asked = null;
      this.shown = null;
      return;
    }
    if (this.asked === item) return;
    this.asked = item;
    this.failure = '';
    try {
      const shown = await show(item, this.outlined);
      if (this.asked === item) this.shown = shown;
    } catch (reason) {
      if (this.asked === item) this.failure = reason instanceof Error ? reason.message : '';
    }
  }

  private draw(): void {
    const { width = 1, height = 1, pixels = new Uint8Array(1) } = this.shown ?? {};
    const image = new ImageData(width, height);
    const words = new Uint32Array(image.data.buffer);
    for (let at = 0; at < words.length; at += 1) {
      words[at] = 0xff000000 | ((pixels[at] ?? 0) * 0x010101);
    }
    this.canvas.width = width;
    this.canvas.height = height;
    this.canvas.getContext('2d')?.putImageData(image, 0, 0);
  }
}

function pathOf(line: readonly number[]): string {
  let path = '';
  for (let at = 0; at + 1 < line.length; at += 2) {
    path += `${at === 0 ? 'M' : 'L'}${(line[at] ?? 0).toFixed(4)} ${(line[at + 1] ?? 0).toFixed(4)}`;
  }
  return `${path}Z`;
}
