import { css, html, nothing, svg } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { formatNumber } from '../../words/format.ts';
import { niceTicks } from '../chart-scale.ts';
import { ChartElement, legendOf, TONES, toneOf } from './chart-element.ts';
import type { Cell } from '../data-table.ts';
import type { ChartTable } from './chart-tools.ts';

export interface ScatterPoint {
  readonly x: number;
  readonly y: number;
  /** Place in `kinds`. */
  readonly kind: number;
  /** Read out when it has the focus. */
  readonly name: string;
  /** Radius in the drawing's units. */
  readonly size?: number;
}

declare global {
  interface HTMLElementTagNameMap {
    'fr-scatter-chart': FrScatterChart;
  }
  interface HTMLElementEventMap {
    /** The point under the pointer or the focus, by its place in `points`; −1 for none. */
    'point-seen': CustomEvent<number>;
  }
}

const RADIUS = 3.2;
const NEAR = 14;

/**
 * Points with a shape and a tone a kind. The pointer picks the nearest one; with the keyboard the
 * chart itself has the focus and arrow keys go to the next point in that direction.
 */
@customElement('fr-scatter-chart')
export class FrScatterChart extends ChartElement {
  static override styles = [
    ...ChartElement.styles,
    css`
      .points {
        fill-opacity: 0.75;
      }

      .seen {
        fill: none;
        stroke: var(--ink);
        stroke-width: 2;
      }

      .plot {
        cursor: crosshair;
        touch-action: manipulation;
      }
    `,
  ];

  @property({ attribute: false }) points: readonly ScatterPoint[] = [];
  @property({ attribute: false }) kinds: readonly string[] = [];
  /** Empty: the axis means nothing and has no figures. */
  @property({ attribute: 'x-label' }) xLabel = '';
  @property({ attribute: 'y-label' }) yLabel = '';
  @property({ attribute: 'name-label' }) nameLabel = '';
  @property({ attribute: 'kind-label' }) kindLabel = '';

  @state() private seen = -1;

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('points')) this.seen = -1;
  }

  protected override renderPlot(): unknown {
    const scale = this.scale;
    const { height, left, top, margin } = scale;
    const seen = this.points[this.seen];
    return html`<svg
      class="plot"
      viewBox="0 0 ${this.width} ${height}"
      role="application"
      tabindex="0"
      aria-roledescription=${this.nameLabel}
      aria-label=${seen ? `${seen.name}, ${this.kinds[seen.kind] ?? ''}` : this.caption}
      @pointermove=${this.onPointer}
      @pointerdown=${this.onPointer}
      @pointerleave=${() => this.look(-1)}
      @blur=${() => this.look(-1)}
      @keydown=${this.onKey}
    >
      ${this.renderAxes()}
      <g class="points">
        ${this.kinds.map(
          (_, kind) =>
            svg`<path class=${toneOf(kind)} d=${this.points
              .filter((point) => point.kind === kind)
              .map((point) => shapeOf(kind, left(point.x), top(point.y), point.size ?? RADIUS))
              .join('')} />`,
        )}
      </g>
      ${seen ? svg`<circle class="seen" cx=${left(seen.x)} cy=${top(seen.y)} r=${(seen.size ?? RADIUS) + 5} />` : nothing}
      ${margin > 0 ? svg`<text class="quiet" x=${this.width / 2} y=${height - 4} text-anchor="middle">${this.xLabel}</text>` : nothing}
    </svg>`;
  }

  private renderAxes(): unknown {
    const { height, left, top, margin, ticksX, ticksY } = this.scale;
    if (margin === 0) {
      return svg`<rect class="track" width=${this.width} height=${height} rx="6" />`;
    }
    return svg`${ticksY.map(
      (
        tick,
      ) => svg`<line class="grid" x1=${margin} x2=${this.width - 8} y1=${top(tick)} y2=${top(tick)} />
        <text class="quiet" x=${margin - 6} y=${top(tick) + 4} text-anchor="end">${formatNumber(tick)}</text>`,
    )}
    ${ticksX.map(
      (tick) =>
        svg`<text class="quiet" x=${left(tick)} y=${height - 24} text-anchor="middle">${formatNumber(tick)}</text>`,
    )}
    <text class="quiet" x="2" y="10">${this.yLabel}</text>`;
  }

  protected override renderLegend(): unknown {
    return legendOf(
      this.kinds.map((name, kind) => ({
        name,
        swatch: svg`<path class=${toneOf(kind)} d=${shapeOf(kind, 7, 7, 5)} />`,
      })),
    );
  }

  protected override table(): ChartTable {
    return {
      columns: [this.nameLabel, this.kindLabel, this.xLabel || 'x', this.yLabel || 'y'],
      rows: this.points.map(({ name, kind, x, y }): Cell[] => [name, this.kinds[kind] ?? '', x, y]),
    };
  }

  private get scale() {
    const plain = this.xLabel === '';
    const margin = plain ? 0 : 52;
    const height = plain ? Math.min(this.width, 520) : 320;
    const range = (values: readonly number[]): number[] =>
      plain ? [0, 1] : niceTicks(0, Math.max(1, ...values), 5);
    const ticksX = range(this.points.map(({ x }) => x));
    const ticksY = range(this.points.map(({ y }) => y));
    const lastX = ticksX[ticksX.length - 1] ?? 1;
    const lastY = ticksY[ticksY.length - 1] ?? 1;
    const inset = plain ? 12 : 0;
    const [start, end] = [margin + inset, this.width - 8 - inset];
    const [ceiling, floor] = [16 + inset, height - (plain ? 16 : 42)];
    return {
      height,
      margin,
      ticksX,
      ticksY,
      left: (x: number): number => start + (x / lastX) * (end - start),
      top: (y: number): number => floor - (y / lastY) * (floor - ceiling),
    };
  }

  private readonly onPointer = (event: PointerEvent): void => {
    const box = this.drawing?.getBoundingClientRect();
    if (!box || box.width === 0) return;
    const unit = this.width / box.width;
    const x = (event.clientX - box.left) * unit;
    const y = (event.clientY - box.top) * unit;
    const { left, top } = this.scale;
    let [best, nearest] = [(NEAR * unit) ** 2, -1];
    this.points.forEach((point, at) => {
      const far = (left(point.x) - x) ** 2 + (top(point.y) - y) ** 2;
      if (far < best) [best, nearest] = [far, at];
    });
    this.look(nearest);
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[
      event.key
    ];
    if (!way || this.points.length === 0) return;
    event.preventDefault();
    const [dx = 0, dy = 0] = way;
    const { left, top } = this.scale;
    const from = this.points[this.seen];
    if (!from) {
      this.look(0);
      return;
    }
    let [best, next] = [Number.POSITIVE_INFINITY, this.seen];
    this.points.forEach((point, at) => {
      const x = left(point.x) - left(from.x);
      const y = top(point.y) - top(from.y);
      const along = x * dx + y * dy;
      const aside = Math.abs(x * dy) + Math.abs(y * dx);
      // Straight ahead counts before near but to the side.
      const cost = along + 2 * aside;
      if (at !== this.seen && along > 0.01 && cost < best) [best, next] = [cost, at];
    });
    this.look(next);
  };

  private look(at: number): void {
    if (at === this.seen) return;
    this.seen = at;
    this.emit('point-seen', at);
  }
}

/** Circle, square, triangle, diamond, cross and ring, again from the first. */
function shapeOf(kind: number, x: number, y: number, r: number): string {
  const at = (dx: number, dy: number): string =>
    `${(x + dx * r).toFixed(1)} ${(y + dy * r).toFixed(1)}`;
  switch (kind % TONES) {
    case 1:
      return `M${at(-0.9, -0.9)}L${at(0.9, -0.9)}L${at(0.9, 0.9)}L${at(-0.9, 0.9)}Z`;
    case 2:
      return `M${at(0, -1.15)}L${at(1.1, 0.85)}L${at(-1.1, 0.85)}Z`;
    case 3:
      return `M${at(0, -1.25)}L${at(1.25, 0)}L${at(0, 1.25)}L${at(-1.25, 0)}Z`;
    case 4:
      return (
        `M${at(-0.35, -1.1)}L${at(0.35, -1.1)}L${at(0.35, -0.35)}L${at(1.1, -0.35)}L${at(1.1, 0.35)}` +
        `L${at(0.35, 0.35)}L${at(0.35, 1.1)}L${at(-0.35, 1.1)}L${at(-0.35, 0.35)}L${at(-1.1, 0.35)}` +
        `L${at(-1.1, -0.35)}L${at(-0.35, -0.35)}Z`
      );
    case 5:
      return `${disk(x, y, r)}${disk(x, y, r * 0.5, 1)}`;
    default:
      return disk(x, y, r);
  }
}

function disk(x: number, y: number, r: number, sweep = 0): string {
  const size = r.toFixed(1);
  const [from, to] = [(x - r).toFixed(1), (x + r).toFixed(1)];
  const level = y.toFixed(1);
  return `M${from} ${level}A${size} ${size} 0 1 ${sweep} ${to} ${level}A${size} ${size} 0 1 ${sweep} ${from} ${level}Z`;
}
