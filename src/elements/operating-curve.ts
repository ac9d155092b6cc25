import { msg, str } from '@lit/localize';
import { css, html, nothing, svg } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { FieldrayElement } from './base.ts';
import { formatNumber, formatShare } from '../words/format.ts';
import { baseStyles } from './styles.ts';
import './data-table.ts';

/** One place on the curve: what a class would be worth with this threshold. */
export interface CurvePoint {
  /** Probability from which on the class is flagged, 0 … 1. */
  readonly threshold: number;
  readonly sensitivity: number;
  readonly specificity: number;
}

declare global {
  interface HTMLElementTagNameMap {
    'fr-operating-curve': FrOperatingCurve;
  }
}

const WIDTH = 420;
const HEIGHT = 320;
const MARGIN = { top: 14, right: 16, bottom: 44, left: 56 } as const;
const TICKS = [0, 0.2, 0.4, 0.6, 0.8, 1] as const;
/** More rows tell nothing more to a reader of the table. */
const TABLE_ROWS = 41;

/**
 * Sensitivity against false alarms (the receiver operating characteristic) with the chosen place
 * marked, and the same figures as a table behind it.
 */
@customElement('fr-operating-curve')
export class FrOperatingCurve extends FieldrayElement {
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
        max-inline-size: 30rem;
        block-size: auto;
        overflow: visible;
      }

      .grid {
        stroke: var(--line);
      }

      .chance {
        stroke: var(--line-strong);
        stroke-dasharray: 2 4;
      }

      .curve {
        fill: none;
        stroke: var(--accent);
        stroke-width: 2.25;
        stroke-linejoin: round;
      }

      .guide {
        stroke: var(--ink-quiet);
        stroke-dasharray: 4 3;
      }

      .place {
        fill: var(--panel);
        stroke: var(--accent-strong);
        stroke-width: 3;
      }

      .place.second {
        stroke: var(--ink-quiet);
      }

      text {
        fill: var(--ink-quiet);
        font: 12px var(--font);
        font-variant-numeric: tabular-nums;
      }

      summary {
        display: inline-flex;
        align-items: center;
        min-block-size: var(--touch);
        color: var(--accent);
        font-size: var(--text-note);
        cursor: pointer;
      }
    `,
  ];

  @property() caption = '';
  /** In any order; at least two. */
  @property({ attribute: false }) points: readonly CurvePoint[] = [];
  /** The place that is used now: from here on the class is flagged. */
  @property({ attribute: false }) chosen: CurvePoint | null = null;
  /** The place below which the class is not flagged, where it differs from `chosen`. */
  @property({ attribute: false }) lower: CurvePoint | null = null;

  protected override render(): unknown {
    if (this.points.length < 2) return nothing;
    return html`<figure>
      <figcaption>${this.caption}</figcaption>
      ${this.renderPlot()}
      <details>
        <summary>${msg('Show the figures')}</summary>
        <fr-data-table
          captionless
          caption=${this.caption}
          .columns=${[msg('Flagged from'), msg('Sensitivity'), msg('Specificity')]}
          .numeric=${[0, 1, 2]}
          .rows=${this.rows()}
        ></fr-data-table>
      </details>
    </figure>`;
  }

  private renderPlot(): unknown {
    const { chosen, lower } = this;
    return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label=${this.describe()}>
      ${TICKS.map(
        (tick) =>
          svg`<line class="grid" x1=${MARGIN.left} x2=${WIDTH - MARGIN.right} y1=${top(tick)} y2=${top(tick)} />
            <text x=${MARGIN.left - 8} y=${top(tick) + 4} text-anchor="end">${percent(tick)}</text>
            <text x=${left(tick)} y=${HEIGHT - MARGIN.bottom + 18} text-anchor="middle">${percent(tick)}</text>`,
      )}
      <line class="chance" x1=${left(0)} y1=${top(0)} x2=${left(1)} y2=${top(1)} />
      <path class="curve" d=${this.path()} />
      ${lower ? place(lower, 'second') : nothing}
      ${
        chosen
          ? svg`<path class="guide" fill="none" d=${`M${left(0)} ${top(chosen.sensitivity)}H${left(1 - chosen.specificity)}V${top(0)}`} />
          ${place(chosen, '')}`
          : nothing
      }
      <text x=${(MARGIN.left + WIDTH - MARGIN.right) / 2} y=${HEIGHT - 6} text-anchor="middle">
        ${msg('False alarms among those without it')}
      </text>
      <text
        transform="translate(12 ${(MARGIN.top + HEIGHT - MARGIN.bottom) / 2}) rotate(-90)"
        text-anchor="middle"
      >
        ${msg('Found among those with it')}
      </text>
    </svg>`;
  }

  /** From the strictest threshold (nothing flagged) to the loosest (all flagged). */
  private sorted(): CurvePoint[] {
    return [...this.points].sort(
      (a, b) => b.specificity - a.specificity || a.sensitivity - b.sensitivity,
    );
  }

  private path(): string {
    const line = this.sorted().map(
      (point) => `L${left(1 - point.specificity).toFixed(1)} ${top(point.sensitivity).toFixed(1)}`,
    );
    return `M${left(0)} ${top(0)}${line.join('')}L${left(1)} ${top(1)}`;
  }

  private rows(): string[][] {
    const all = this.sorted();
    const step = Math.max(1, Math.ceil(all.length / TABLE_ROWS));
    return all
      .filter((_, index) => index % step === 0 || index === all.length - 1)
      .map((point) => [
        formatNumber(point.threshold, 3),
        formatShare(point.sensitivity),
        formatShare(point.specificity),
      ]);
  }

  private describe(): string {
    if (!this.chosen) return this.caption;
    const { sensitivity, specificity } = this.chosen;
    return msg(
      str`${this.caption}. Chosen: finds ${formatShare(sensitivity)} of those with it, false alarm in ${formatShare(1 - specificity)} of those without.`,
    );
  }
}

function left(share: number): number {
  return MARGIN.left + share * (WIDTH - MARGIN.left - MARGIN.right);
}

function top(share: number): number {
  return HEIGHT - MARGIN.bottom - share * (HEIGHT - MARGIN.top - MARGIN.bottom);
}

function place(point: CurvePoint, kind: string): unknown {
  return svg`<circle class="place ${kind}" cx=${left(1 - point.specificity)} cy=${top(point.sensitivity)} r="6" />`;
}

function percent(share: number): string {
  return `${formatNumber(100 * share)} %`;
}
