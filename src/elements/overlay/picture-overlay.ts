import { css, html } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { FieldrayElement } from '../base.ts';
import type { ViewerSight } from '../viewer/view-transform.ts';
import { drawOverlay, MapImage, placementOf } from './scene.ts';
import type { OverlayScene } from '../../state/overlay.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-picture-overlay': FrPictureOverlay;
  }
}

/**
 * Lies over the viewer's picture and follows its zoom and movement; window and level are the
 * picture's alone. Purely to be seen: what it shows is said in words elsewhere.
 */
@customElement('fr-picture-overlay')
export class FrPictureOverlay extends FieldrayElement {
  static override styles = css`
    :host {
      position: absolute;
      inset: 0;
      pointer-events: none;
    }

    canvas {
      display: block;
      inline-size: 100%;
      block-size: 100%;
    }
  `;

  /** What to draw; null clears. */
  @property({ attribute: false }) scene: OverlayScene | null = null;
  /** Where the viewer's picture lies now (the detail of its `viewer-moved`). */
  @property({ attribute: false }) sight: ViewerSight | null = null;

  @query('canvas') private readonly canvas!: HTMLCanvasElement;
  private readonly image = new MapImage();

  protected override render(): unknown {
    return html`<canvas aria-hidden="true"></canvas>`;
  }

  protected override updated(): void {
    const { canvas, scene, sight } = this;
    const context = canvas.getContext('2d');
    if (!context) return;
    const ratio = devicePixelRatio;
    const stage = sight?.stage ?? { width: 1, height: 1 };
    // Setting the size clears, too.
    canvas.width = Math.max(1, Math.round(stage.width * ratio));
    canvas.height = Math.max(1, Math.round(stage.height * ratio));
    if (!scene || !sight || sight.picture.width <= 1) return;
    const place = placementOf(sight.view, stage, sight.picture, ratio);
    drawOverlay(context, scene, this.image.of(scene.map), place, ratio);
  }
}
