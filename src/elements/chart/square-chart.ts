import { css, html, nothing, svg } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { FieldrayElement } from '../base.ts';
import { formatNumber } from '../../words/format.ts';
import { baseStyles } from '../styles.ts';
import { squareStyles } from './square-styles.ts';
import type { ChartTable } from './chart-tools.ts';
import './chart-tools.ts';

export type Point = readonly [x: number, y: number];

/** A line of a square chart, 0 … 1 on both axes. */
export interface SquareLine {
  readonly name: string;
  readonly points: readonly Point[];
  /** `main` is what the chart is about, `second` is compared with it, `ideal` is a help for the eye. */
  readonly kind: 'main' | 'second' | 'ideal';
}

/** A measured place with its interval, and how much stands behind it (0 … 1 of the most). */
export interface SquareMark {
  readonly at: Point;
  readonly low: number;
  readonly high: number;
  readonly weight: number;
}

/** An interval over the x axis; places without one are left out. */
export type SquareBand = readonly {
  readonly x: number;
  readonly low: number;
  readonly high: number;
}[];

declare global {
  interface HTMLElementTagNameMap {
    'fr-square-chart': FrSquareChart;
  }
}

const SIDE = 320;
const MARGIN = { top: 10, right: 26, bottom: 44, left: 68 } as const;
const WIDTH = MARGIN.left + SIDE + MARGIN.right;
const HEIGHT = MARGIN.top + SIDE + MARGIN.bottom;
const TICKS = [0, 0.2, 0.4, 0.6, 0.8, 1] as const;

/**
 * Shares against shares: ROC, precision–recall and reliability curves with their intervals. Lines are
 * told apart by dashes as well as by shade.
 */
@customElement('fr-square-chart')
export class FrSquareChart extends FieldrayElement {
  static override styles = [
    baseStyles,
    squareStyles,
    css`
      :host {
        display: block;
        min-inline-size: 0;
      }

      figcaption {
        margin-block-end: var(--space-2);
        font-size: var(--text-note);
        font-weight: 600;
      }

      figcaption span {
        display: block;
        color: var(--ink-quiet);
        font-weight: 400;
        font-variant-numeric: tabular-nums;
      }

      svg {
        display: block;
        inline-size: 100%;
        max-inline-size: 28rem;
        block-size: auto;
      }

      .legend {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-1) var(--space-4);
        margin-block-start: var(--space-1);
        padding: 0;
        color: var(--ink-quiet);
        font-size: var(--text-small);
        list-style: none;
      }

      .legend li {
        display: flex;
        gap: var(--space-2);
        align-items: center;
      }

      .legend svg {
        flex: none;
        inline-size: 28px;
        block-size: 8px;
      }
    `,
  ];

  @property() caption = '';
  /** The chart's one figure, with its interval, in words. */
  @property() figure = '';
  @property({ attribute: 'x-label' }) xLabel = '';
  @property({ attribute: 'y-label' }) yLabel = '';
  @property({ attribute: false }) lines: readonly SquareLine[] = [];
  @property({ attribute: false }) band: SquareBand = [];
  @property({ attribute: false }) marks: readonly SquareMark[] = [];
  @property({ attribute: false }) table: ChartTable = { columns: [], rows: [] };

  /** The drawing, for whoever puts it into a report. */
  get drawing(): SVGSVGElement | null {
    return this.renderRoot.querySelector('svg.plot');
  }

  protected override render(): unknown {
    const named = this.lines.filter(({ kind }) => kind !== 'ideal');
    return html`<figure>
      <figcaption>
        ${this.caption}${this.figure ? html` <span>${this.figure}</span>` : nothing}
      </figcaption>
      ${this.renderPlot()}
      ${
        named.length > 1
          ? html`<ul class="legend">
              ${named.map(
                ({ name, kind }) =>
                  html`<li>
                    <svg viewBox="0 0 28 8" aria-hidden="true">
                      <line class="line ${kind}" x1="1" x2="27" y1="4" y2="4" />
                    </svg>
                    ${name}
                  </li>`,
              )}
            </ul>`
          : nothing
      }
      <fr-chart-tools
        caption=${this.caption}
        .table=${this.table}
        .svg=${() => this.drawing}
      ></fr-chart-tools>
    </figure>`;
  }

  private renderPlot(): unknown {
    return html`<svg
      class="plot"
      viewBox="0 0 ${WIDTH} ${HEIGHT}"
      role="img"
      aria-label=${[this.caption, this.figure].filter(Boolean).join('. ')}
    >
      ${TICKS.map(
        (tick) =>
          svg`<line class="grid" x1=${left(0)} x2=${left(1)} y1=${top(tick)} y2=${top(tick)} />
            <text x=${left(0) - 8} y=${top(tick) + 4} text-anchor="end">${percent(tick)}</text>
            <text x=${left(tick)} y=${top(0) + 18} text-anchor="middle">${percent(tick)}</text>`,
      )}
      ${this.band.length > 1 ? svg`<path class="band" d=${bandPath(this.band)} />` : nothing}
      ${[...this.lines]
        .sort((a, b) => depth(a) - depth(b))
        .map(({ points, kind }) => svg`<path class="line ${kind}" d=${linePath(points)} />`)}
      ${this.marks.map(renderMark)}
      <text x=${left(0.5)} y=${HEIGHT - 6} text-anchor="middle">${this.xLabel}</text>
      <text transform="translate(12 ${top(0.5)}) rotate(-90)" text-anchor="middle">
        ${this.yLabel}
      </text>
    </svg>`;
  }
}

function renderMark({ at: [x, y], low, high, weight }: SquareMark): unknown {
  return svg`<line class="whisker" x1=${left(x)} x2=${left(x)} y1=${top(low)} y2=${top(high)} />
    <circle class="mark" cx=${left(x)} cy=${top(y)} r=${3 + 4 * Math.sqrt(weight)} />`;
}

function depth({ kind }: SquareLine): number {
  return { ideal: 0, second: 1, main: 2 }[kind];
}

function left(x: number): number {
  return MARGIN.left + x * SIDE;
}

function top(y: number): number {
  return MARGIN.top + (1 - y) * SIDE;
}

function place(x: number, y: number): string {
  return `${left(x).toFixed(1)} ${top(y).toFixed(1)}`;
}

function linePath(points: readonly Point[]): string {
  return points.map(([x, y], at) => `${at === 0 ? 'M' : 'L'}${place(x, y)}`).join('');
}

function bandPath(band: SquareBand): string {
  const over = band.map(({ x, high }) => place(x, high));
  const back = [...band].reverse().map(({ x, low }) => place(x, low));
  return `M${[...over, ...back].join('L')}Z`;
}

function percent(share: number): string {
  return `${formatNumber(100 * share)} %`;
}
