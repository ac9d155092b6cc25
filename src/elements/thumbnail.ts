import { css, html } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { FieldrayElement } from './base.ts';
import { baseStyles } from './styles.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-thumbnail': FrThumbnail;
  }
}

/** A small picture on black; decoration, the name stands beside it. The bitmap stays its owner's. */
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

  @property({ attribute: false }) bitmap: ImageBitmap | null = null;

  @query('canvas') private readonly canvas!: HTMLCanvasElement;

  protected override updated(): void {
    const bitmap = this.bitmap;
    // A bitmap that was closed (its picture was removed) has no size.
    if (!bitmap || bitmap.width === 0) {
      this.canvas.width = 1;
      this.canvas.height = 1;
      return;
    }
    this.canvas.width = bitmap.width;
    this.canvas.height = bitmap.height;
    this.canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
  }

  protected override render(): unknown {
    return html`<canvas width="1" height="1" aria-hidden="true"></canvas>`;
  }
}
