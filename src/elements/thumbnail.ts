import { css, html } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { FieldrayElement } from './base.ts';
import { baseStyles } from './styles.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-thumbnail': FrThumbnail;
  }
}

/** A small picture on black; decoration, the name stands beside it. */
@customElement('fr-thumbnail')
export class FrThumbnail extends FieldrayElement {
  static override styles = [
    baseStyles,
    css`
      :host {
        display: block;
        inline-size: 3.5rem;
        block-size: 3.5rem;
        overflow: hidden;
        border-radius: var(--radius-small);
        background: var(--stage);
      }

      canvas {
        display: block;
        inline-size: 100%;
        block-size: 100%;
        object-fit: contain;
      }
    `,
  ];

  /** A packed picture, unpacked while the element is shown, or a bitmap, which its owner closes. */
  @property({ attribute: false }) source: Blob | ImageBitmap | null = null;

  @query('canvas') private readonly canvas!: HTMLCanvasElement;
  private drawn: Blob | ImageBitmap | null = null;

  protected override updated(): void {
    if (this.source !== this.drawn) void this.draw(this.source);
  }

  protected override render(): unknown {
    return html`<canvas width="1" height="1" aria-hidden="true"></canvas>`;
  }

  private async draw(source: Blob | ImageBitmap | null): Promise<void> {
    this.drawn = source;
    if (!(source instanceof Blob)) {
      this.show(source);
      return;
    }
    const bitmap = await createImageBitmap(source).catch(() => null);
    // The row may show another picture by now.
    if (this.drawn === source) this.show(bitmap);
    bitmap?.close();
  }

  private show(bitmap: ImageBitmap | null): void {
    this.canvas.width = bitmap?.width ?? 1;
    this.canvas.height = bitmap?.height ?? 1;
    if (bitmap) this.canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
  }
}
