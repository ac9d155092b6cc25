import { css, html, nothing } from 'lit';
import { property, state } from 'lit/decorators.js';
import { FieldrayElement } from '../base.ts';
import { baseStyles } from '../styles.ts';
import type { ChartTable } from './chart-tools.ts';
import './chart-tools.ts';

/** Tones of tokens.css; kinds beyond them share the last. */
export const TONES = 6;

/** "tone-1" … for the kind of this number, from 0. */
export function toneOf(kind: number): string {
  return `tone-${Math.min(TONES, kind + 1)}`;
}

const NARROWEST = 280;
const WIDEST = 1100;

export const chartStyles = css`
  :host {
    display: block;
    min-inline-size: 0;
  }

  figcaption {
    margin-block-end: var(--space-3);
    font-weight: 600;
  }

  .plot {
    display: block;
    inline-size: 100%;
    block-size: auto;
    overflow: visible;
  }

  text {
    fill: var(--ink);
    font: 13px var(--font);
    font-variant-numeric: tabular-nums;
  }

  text.quiet {
    fill: var(--ink-quiet);
    font-size: 12px;
  }

  text.strong {
    font-weight: 650;
  }

  /* On a tone: those are dark in the light theme and light in the dark one. */
  text.on {
    fill: var(--panel);
    font-weight: 600;
  }

  .grid {
    stroke: var(--line);
  }

  .rule {
    stroke: var(--ink-quiet);
    stroke-dasharray: 3 3;
  }

  .track {
    fill: var(--sunken);
  }

  .quiet-fill {
    fill: var(--bar-quiet);
  }

  .tone-1 {
    fill: var(--tone-1);
  }

  .tone-2 {
    fill: var(--tone-2);
  }

  .tone-3 {
    fill: var(--tone-3);
  }

  .tone-4 {
    fill: var(--tone-4);
  }

  .tone-5 {
    fill: var(--tone-5);
  }

  .tone-6 {
    fill: var(--tone-6);
  }

  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-1) var(--space-4);
    margin-block-start: var(--space-2);
    padding: 0;
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
    inline-size: 14px;
    block-size: 14px;
  }

  @media print {
    :host {
      break-inside: avoid;
    }

    svg {
      print-color-adjust: exact;
    }
  }
`;

/**
 * A chart of ours: a drawing as wide as its place (so that letters keep their size on a phone), its
 * legend, and under it the figures and the ways to take it along.
 */
export abstract class ChartElement extends FieldrayElement {
  static override styles = [baseStyles, chartStyles];

  /** What the chart shows; also names its files. */
  @property() caption = '';

  /** Of the drawing, in its own units: CSS pixels of the place it stands in. */
  @state() protected width = 520;
  /** In the next frame: drawn within this one, it would be measured again. */
  private readonly observer = new ResizeObserver(() => requestAnimationFrame(() => this.measure()));

  /** The drawing, for whoever puts it into a report. */
  get drawing(): SVGSVGElement | null {
    return this.renderRoot.querySelector('svg.plot');
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.observer.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.observer.disconnect();
  }

  /** An `<svg class="plot">` with a view box, a role and a name. */
  protected abstract renderPlot(): unknown;

  /** The same in figures. */
  protected abstract table(): ChartTable;

  protected renderLegend(): unknown {
    return nothing;
  }

  protected override render(): unknown {
    return html`<figure>
      ${this.caption ? html`<figcaption>${this.caption}</figcaption>` : nothing}
      ${this.renderPlot()} ${this.renderLegend()}
      <fr-chart-tools
        caption=${this.caption}
        .table=${this.table()}
        .svg=${() => this.drawing}
      ></fr-chart-tools>
    </figure>`;
  }

  private measure(): void {
    const width = Math.round(this.clientWidth);
    if (width > 0) this.width = Math.min(WIDEST, Math.max(NARROWEST, width));
  }
}

/** Swatches with names; `shape` draws into 14 × 14. */
export function legendOf(
  entries: readonly { readonly name: string; readonly swatch: unknown }[],
): unknown {
  return html`<ul class="legend">
    ${entries.map(
      ({ name, swatch }) =>
        html`<li><svg viewBox="0 0 14 14" aria-hidden="true">${swatch}</svg>${name}</li>`,
    )}
  </ul>`;
}
