import { msg, str } from '@lit/localize';
import { css, html, nothing, svg } from 'lit';
import type { PropertyValues, SVGTemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { RadiographAttributes } from '../../radiograph/types.ts';
import { FieldrayElement } from '../base.ts';
import { formatNumber } from '../../words/format.ts';
import { baseStyles } from '../styles.ts';
import { inside, lengthOf, startLine, toStage } from './measure.ts';
import type { Line } from './measure.ts';
import { toPicture } from './view-transform.ts';
import type { Point, ViewerSight } from './view-transform.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-ruler': FrRuler;
  }
}

type End = keyof Line;

/**
 * A line over the picture with its length in millimeters; its ends are pulled by finger, mouse or
 * arrow keys. Belongs into the viewer's slot `over`, and is told where the picture lies.
 */
@customElement('fr-ruler')
export class FrRuler extends FieldrayElement {
  static override styles = [
    baseStyles,
    css`
      :host {
        position: absolute;
        inset: 0;
        overflow: hidden;
        pointer-events: none;
      }

      svg {
        display: block;
        inline-size: 100%;
        block-size: 100%;
        direction: ltr;
      }

      .edge {
        stroke: #000;
        stroke-width: 5;
        opacity: 0.55;
      }

      .line {
        stroke: #ffd54a;
        stroke-width: 2;
      }

      .grip {
        fill: transparent;
        pointer-events: auto;
        cursor: grab;
        touch-action: none;
      }

      .dot {
        fill: #ffd54a;
        stroke: #000;
        stroke-width: 1.5;
      }

      .grip:focus {
        outline: none;
      }

      .grip:focus-visible + .dot {
        stroke: #fff;
        stroke-width: 4;
      }

      text {
        fill: #ffd54a;
        stroke: #000;
        stroke-width: 4px;
        paint-order: stroke;
        font-size: 1rem;
        font-weight: 620;
        text-anchor: middle;
      }
    `,
  ];

  /** Distance of neighboring rows and of neighboring columns, in millimeters. */
  @property({ attribute: false }) spacing: readonly [number, number] = [1, 1];
  /** Where these millimeters were measured. */
  @property() plane: RadiographAttributes['spacingPlane'];
  /** Where the picture lies on the stage. */
  @property({ attribute: false }) sight: ViewerSight | null = null;

  @state() private line: Line | null = null;

  /** Millimeters between the ends; null before there is a picture. */
  get length(): number | null {
    return this.line && lengthOf(this.line, this.spacing);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const { sight } = this;
    const before = changed.get('sight');
    const other =
      before?.picture.width !== sight?.picture.width ||
      before?.picture.height !== sight?.picture.height;
    if (sight && (!this.line || (changed.has('sight') && other))) {
      this.line = startLine(sight.view, sight.stage, sight.picture);
    }
  }

  protected override render(): unknown {
    const { sight, line } = this;
    if (!sight || !line) return nothing;
    const start = toStage(line.start, sight.view, sight.stage);
    const end = toStage(line.end, sight.view, sight.stage);
    const middle = { x: (start.x + end.x) / 2, y: (start.y + end.y) / 2 };
    return html`<svg role="group" aria-label=${msg('Ruler')}>
      ${['edge', 'line'].map(
        (name) =>
          svg`<line class=${name} x1=${start.x} y1=${start.y} x2=${end.x} y2=${end.y}></line>`,
      )}
      ${this.renderGrip('start', start, msg('First end of the ruler'))}
      ${this.renderGrip('end', end, msg('Second end of the ruler'))}
      <text x=${middle.x} y=${middle.y - 14}>${this.words()}</text>
    </svg>`;
  }

  private renderGrip(end: End, at: Point, label: string): SVGTemplateResult {
    return svg`<circle class="grip" cx=${at.x} cy=${at.y} r="24" tabindex="0" role="slider"
        aria-label=${label} aria-valuenow=${Math.round(this.length ?? 0)} aria-valuetext=${this.words()}
        @pointerdown=${(event: PointerEvent) => this.grab(end, event)}
        @keydown=${(event: KeyboardEvent) => this.onKey(end, event)}></circle>
      <circle class="dot" cx=${at.x} cy=${at.y} r="6" pointer-events="none"></circle>`;
  }

  private words(): string {
    const length = formatNumber(Math.round(this.length ?? 0));
    switch (this.plane) {
      case 'detector':
        return msg(str`${length} mm on the detector`);
      case 'film':
        return msg(str`${length} mm on the film`);
      case 'patient':
      case undefined:
        return msg(str`${length} mm`);
    }
  }

  private grab(end: End, event: PointerEvent): void {
    const grip = event.currentTarget as SVGElement;
    event.stopPropagation();
    grip.setPointerCapture(event.pointerId);
    const box = this.getBoundingClientRect();
    const move = (moved: PointerEvent): void => {
      const { sight } = this;
      if (!sight) return;
      const at = { x: moved.clientX - box.left, y: moved.clientY - box.top };
      this.put(end, toPicture(sight.view, sight.stage, at));
    };
    const stop = (): void => {
      grip.removeEventListener('pointermove', move);
      grip.removeEventListener('pointerup', stop);
      grip.removeEventListener('pointercancel', stop);
    };
    grip.addEventListener('pointermove', move);
    grip.addEventListener('pointerup', stop);
    grip.addEventListener('pointercancel', stop);
  }

  private onKey(end: End, event: KeyboardEvent): void {
    const step = event.shiftKey ? 10 : 1;
    const by = {
      ArrowLeft: [-step, 0],
      ArrowRight: [step, 0],
      ArrowUp: [0, -step],
      ArrowDown: [0, step],
    }[event.key];
    const { sight, line } = this;
    if (!by || !line || !sight) return;
    // A step is at least as much as can be seen.
    const pixels = Math.max(1, 1 / sight.view.scale);
    const [x = 0, y = 0] = by;
    this.put(end, { x: line[end].x + x * pixels, y: line[end].y + y * pixels });
    event.preventDefault();
    event.stopPropagation();
  }

  private put(end: End, at: Point): void {
    if (this.line && this.sight) {
      this.line = { ...this.line, [end]: inside(at, this.sight.picture) };
    }
  }
}
