import { css, html, svg } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { ChartElement } from './chart-element.ts';
import type { Cell } from '../data-table.ts';
import type { ChartTable } from './chart-tools.ts';

export interface GrayPicture {
  readonly name: string;
  readonly side: number;
  /** side × side, row-major, 0 black … 1 white. */
  readonly values: Float32Array;
}

declare global {
  interface HTMLElementTagNameMap {
    'fr-gray-chart': FrGrayChart;
  }
}

const LEVELS = 48;
/** Of a picture's side. */
const LEAST = 110;
const MOST = 190;
const GAP = 14;
const NAME = 22;
/** The table has one row for each of so many rows of pixels. */
const TABLE_ROWS = 14;

/** Small computed pictures side by side (a mean, a frequency), drawn as shapes: sharp in print. */
@customElement('fr-gray-chart')
export class FrGrayChart extends ChartElement {
  static override styles = [
    ...ChartElement.styles,
    css`
      .ground {
        fill: #000;
      }
    `,
  ];

  @property({ attribute: false }) pictures: readonly GrayPicture[] = [];
  /** What the brightness means, for the table. */
  @property({ attribute: 'value-label' }) valueLabel = '';

  protected override renderPlot(): unknown {
    const fit = Math.max(1, Math.floor((this.width + GAP) / (LEAST + GAP)));
    const columns = Math.max(1, Math.min(this.pictures.length, fit));
    const size = Math.min(MOST, (this.width - (columns - 1) * GAP) / columns);
    const lines = Math.ceil(this.pictures.length / columns);
    return html`<svg
      class="plot"
      viewBox="0 0 ${this.width} ${Math.max(1, lines * (size + NAME + GAP) - GAP)}"
      role="img"
      aria-label=${`${this.caption}. ${this.pictures.map(({ name }) => name).join(', ')}.`}
      shape-rendering="crispEdges"
    >
      ${this.pictures.map(({ name, side, values }, at) => {
        const x = (at % columns) * (size + GAP);
        const y = Math.floor(at / columns) * (size + NAME + GAP);
        return svg`<text x=${x} y=${y + 14}>${name}</text>
          <g transform="translate(${x} ${y + NAME}) scale(${size / side})">
            <rect class="ground" width=${side} height=${side} />
            ${levelPaths(values, side).map(
              ({ gray, path }) => svg`<path fill="rgb(${gray} ${gray} ${gray})" d=${path} />`,
            )}
          </g>`;
      })}
    </svg>`;
  }

  protected override table(): ChartTable {
    return {
      columns: ['y', 'x', ...this.pictures.map(({ name }) => `${name}: ${this.valueLabel}`)],
      rows: Array.from({ length: TABLE_ROWS * TABLE_ROWS }, (_, cell): Cell[] => {
        const [row, column] = [Math.floor(cell / TABLE_ROWS), cell % TABLE_ROWS];
        const place = (at: number): string => ((at + 0.5) / TABLE_ROWS).toFixed(2);
        return [
          place(row),
          place(column),
          ...this.pictures.map(({ side, values }) => {
            const y = Math.floor(((row + 0.5) / TABLE_ROWS) * side);
            const x = Math.floor(((column + 0.5) / TABLE_ROWS) * side);
            return Number((values[y * side + x] ?? 0).toFixed(3));
          }),
        ];
      }),
    };
  }
}

/** Runs of one grey a row, all of one grey in one path. */
function levelPaths(
  values: Float32Array,
  side: number,
): { readonly gray: number; readonly path: string }[] {
  const paths = new Array<string>(LEVELS).fill('');
  const levelAt = (at: number): number =>
    Math.min(LEVELS - 1, Math.max(0, Math.round((values[at] ?? 0) * (LEVELS - 1))));
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side;) {
      const level = levelAt(y * side + x);
      let end = x + 1;
      while (end < side && levelAt(y * side + end) === level) end += 1;
      // A hair over the edge, so that no seam shows between neighbors.
      if (level > 0) paths[level] += `M${x} ${y}h${end - x}v1.02h${x - end}z`;
      x = end;
    }
  }
  return paths.flatMap((path, level) =>
    path ? [{ gray: Math.round((255 * level) / (LEVELS - 1)), path }] : [],
  );
}
