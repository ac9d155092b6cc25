import { css, html, nothing, svg } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { FieldrayElement } from './base.ts';
import { niceTicks } from './chart-scale.ts';
import { formatNumber } from '../words/format.ts';
import { baseStyles } from './styles.ts';
import './chart/chart-tools.ts';

export interface ChartSeries {
  readonly name: string;
  /** One value for each of the chart's x values; null leaves a gap. */
  readonly values: readonly (number | null)[];
  readonly dashed?: boolean;
  /** A kind, from 0: a tone and a dash of its own. */
  readonly tone?: number;
}

/** A part of the x axis: from here to where the next one begins. */
export interface ChartZone {
  readonly name: string;
  readonly from: number;
}

declare global {
  interface HTMLElementTagNameMap {
    'fr-line-chart': FrLineChart;
  }
}

const WIDTH = 520;
const HEIGHT = 260;
const MARGIN = { top: 12, right: 16, bottom: 40, left: 52 } as const;

/** Lines over a common x axis, told apart by dashes as well as shade; every figure in a table behind. */
@customElement('fr-line-chart')
export class FrLineChart extends FieldrayElement {
  static override styles = [
    baseStyles,
    css`
      :host {
        display: block;
      }

      figcaption {
        margin-block-end: var(--space-3);
        font-weight: 600;
      }

      svg {
        display: block;
        inline-size: 100%;
        block-size: auto;
        overflow: visible;
      }

      .grid {
        stroke: var(--line);
      }

      .zone {
        fill: var(--sunken);
        fill-opacity: 0.7;
      }

      .mark {
        stroke: var(--line-strong);
        stroke-dasharray: 2 4;
      }

      text {
        fill: var(--ink-quiet);
        font: 12px var(--font);
        font-variant-numeric: tabular-nums;
      }

      .line {
        fill: none;
        stroke: var(--accent);
        stroke-width: 2.25;
        stroke-linejoin: round;
        stroke-linecap: round;
      }

      .line.dashed {
        stroke: var(--ink-quiet);
        stroke-width: 1.75;
        stroke-dasharray: 5 4;
      }

      .line.tone-1 {
        stroke: var(--tone-1);
      }

      .line.tone-2 {
        stroke: var(--tone-2);
        stroke-dasharray: 9 3;
      }

      .line.tone-3 {
        stroke: var(--tone-3);
        stroke-dasharray: 2 4;
      }

      .line.tone-4 {
        stroke: var(--tone-4);
        stroke-dasharray: 9 3 2 3;
      }

      .line.tone-5 {
        stroke: var(--tone-5);
        stroke-dasharray: 5 5;
      }

      .line.tone-6 {
        stroke: var(--tone-6);
        stroke-dasharray: 1 3;
      }

      .legend {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2) var(--space-5);
        margin-block: var(--space-2) 0;
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
        inline-size: 28px;
        block-size: 8px;
      }
    `,
  ];

  @property() caption = '';
  @property({ attribute: 'x-label' }) xLabel = '';
  @property({ attribute: false }) x: readonly number[] = [];
  @property({ attribute: false }) series: readonly ChartSeries[] = [];
  /** A vertical line at this x, named by `markLabel`. */
  @property({ attribute: false }) mark: number | null = null;
  @property({ attribute: 'mark-label' }) markLabel = '';
  /** Stages, numbered on the chart and named below it; the first begins at the first x. */
  @property({ attribute: false }) zones: readonly ChartZone[] = [];

  /** The drawing, for whoever puts it into a report. */
  get drawing(): SVGSVGElement | null {
    return this.renderRoot.querySelector('svg.plot');
  }

  protected override render(): unknown {
    if (this.x.length === 0) return nothing;
    return html`<figure>
      <figcaption>${this.caption}</figcaption>
      ${this.renderPlot()}
      <ul class="legend">
        ${this.series.map(
          (series) =>
            html`<li>
              <svg viewBox="0 0 28 8" aria-hidden="true">
                <line class=${lineClass(series)} x1="1" x2="27" y1="4" y2="4" />
              </svg>
              ${series.name}
            </li>`,
        )}
        ${this.zones.map(({ name }, at) => html`<li>${at + 1}: ${name}</li>`)}
      </ul>
      <fr-chart-tools
        caption=${this.caption}
        .svg=${() => this.drawing}
        .table=${{
          columns: [this.xLabel, ...this.series.map((series) => series.name)],
          rows: this.x.map((x, index) => [
            String(x),
            ...this.series.map((series) => series.values[index] ?? null),
          ]),
        }}
      ></fr-chart-tools>
    </figure>`;
  }

  private renderPlot(): unknown {
    const values = this.series.flatMap((series) => series.values).filter((value) => value !== null);
    const ticks = niceTicks(Math.min(...values), Math.max(...values), 4);
    const low = ticks[0] ?? 0;
    const high = ticks[ticks.length - 1] ?? 1;
    const firstX = Math.min(...this.x);
    const lastX = Math.max(...this.x);
    const left = (x: number): number =>
      MARGIN.left + ((x - firstX) / (lastX - firstX || 1)) * (WIDTH - MARGIN.left - MARGIN.right);
    const top = (y: number): number =>
      HEIGHT -
      MARGIN.bottom -
      ((y - low) / (high - low || 1)) * (HEIGHT - MARGIN.top - MARGIN.bottom);
    return html`<svg
      class="plot"
      viewBox="0 0 ${WIDTH} ${HEIGHT}"
      role="img"
      aria-label=${this.describe()}
    >
      ${this.zones.map(({ from }, at) => {
        const begin = at === 0 ? MARGIN.left : left(from - 0.5);
        const next = this.zones[at + 1];
        const end = next ? left(next.from - 0.5) : WIDTH - MARGIN.right;
        return svg`${
          at % 2 === 1
            ? svg`<rect class="zone" x=${begin} y=${MARGIN.top} width=${end - begin} height=${HEIGHT - MARGIN.top - MARGIN.bottom} />`
            : nothing
        }<text x=${(begin + end) / 2} y=${HEIGHT - MARGIN.bottom - 6} text-anchor="middle">${at + 1}</text>`;
      })}
      ${ticks.map(
        (tick) =>
          svg`<line class="grid" x1=${MARGIN.left} x2=${WIDTH - MARGIN.right} y1=${top(tick)} y2=${top(tick)} />
            <text x=${MARGIN.left - 8} y=${top(tick) + 4} text-anchor="end">${formatTick(tick, ticks)}</text>`,
      )}
      ${niceTicks(firstX, lastX, 6)
        .filter((tick) => Number.isInteger(tick) && tick >= firstX && tick <= lastX)
        .map(
          (tick) =>
            svg`<text x=${left(tick)} y=${HEIGHT - MARGIN.bottom + 18} text-anchor="middle">${tick}</text>`,
        )}
      <text x=${(MARGIN.left + WIDTH - MARGIN.right) / 2} y=${HEIGHT - 4} text-anchor="middle">
        ${this.xLabel}
      </text>
      ${
        this.mark === null
          ? nothing
          : svg`<line class="mark" x1=${left(this.mark)} x2=${left(this.mark)} y1=${MARGIN.top} y2=${HEIGHT - MARGIN.bottom} />
          <text x=${left(this.mark)} y=${MARGIN.top - 2} text-anchor=${left(this.mark) > WIDTH / 2 ? 'end' : 'start'}>${this.markLabel}</text>`
      }
      ${this.series.map(
        (series) =>
          svg`<path class=${lineClass(series)} d=${pathOf(this.x, series.values, left, top)} />`,
      )}
    </svg>`;
  }

  private describe(): string {
    const ends = this.series.map((series) => {
      const known = series.values.filter((value) => value !== null);
      const from = known[0];
      const to = known[known.length - 1];
      if (from === undefined || to === undefined) return series.name;
      return `${series.name}: ${formatNumber(from, 3)} → ${formatNumber(to, 3)}`;
    });
    return `${this.caption}. ${ends.join('; ')}.`;
  }
}

function formatTick(tick: number, ticks: readonly number[]): string {
  const step = Math.abs((ticks[1] ?? 1) - (ticks[0] ?? 0));
  return formatNumber(tick, Math.max(0, Math.ceil(-Math.log10(step || 1) - 1e-9)));
}

function pathOf(
  x: readonly number[],
  values: readonly (number | null)[],
  left: (x: number) => number,
  top: (y: number) => number,
): string {
  let path = '';
  let drawing = false;
  x.forEach((at, index) => {
    const value = values[index] ?? null;
    if (value === null) {
      drawing = false;
      return;
    }
    path += `${drawing ? 'L' : 'M'}${left(at).toFixed(1)} ${top(value).toFixed(1)}`;
    drawing = true;
  });
  return path;
}

function lineClass({ dashed, tone }: ChartSeries): string {
  const kind = tone === undefined ? '' : ` tone-${Math.min(6, tone + 1)}`;
  return `line${dashed ? ' dashed' : ''}${kind}`;
}
