import { msg } from '@lit/localize';
import { css, html } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { csvOf } from '../../evaluation/index.ts';
import { FieldrayElement } from '../base.ts';
import type { Cell } from '../data-table.ts';
import { icon } from '../icons.ts';
import { baseStyles, buttonStyles } from '../styles.ts';
import { fileStem, pngOf, svgDocument } from './svg-file.ts';
import '../data-table.ts';

/** What stands behind a chart, in figures. */
export interface ChartTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  /** Columns whose strings are figures. */
  readonly numeric?: readonly number[];
}

declare global {
  interface HTMLElementTagNameMap {
    'fr-chart-tools': FrChartTools;
  }
  interface HTMLElementEventMap {
    /** A file for the person; the app gives it to them. */
    'file-made': CustomEvent<File>;
  }
}

/**
 * Under every chart: its figures as a table, and ways to take it along (copied, or as SVG, PNG, CSV).
 * Works on any SVG with a view box.
 */
@customElement('fr-chart-tools')
export class FrChartTools extends FieldrayElement {
  static override styles = [
    baseStyles,
    buttonStyles,
    css`
      :host {
        display: block;
      }

      .bar {
        display: flex;
        flex-wrap: wrap;
        gap: 0 var(--space-4);
        align-items: start;
      }

      details {
        flex: 0 1 auto;
        min-inline-size: 0;
      }

      details[open] {
        flex-basis: 100%;
      }

      summary {
        display: inline-flex;
        align-items: center;
        min-block-size: var(--touch);
        color: var(--accent);
        font-size: var(--text-note);
        cursor: pointer;
      }

      .ways {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2);
        padding-block: var(--space-1) var(--space-3);
      }

      .ways .button {
        padding-inline: var(--space-3);
        font-size: var(--text-note);
      }

      .outcome:empty {
        display: none;
      }

      .outcome {
        color: var(--ink-quiet);
        font-size: var(--text-small);
      }

      @media print {
        :host {
          display: none;
        }
      }
    `,
  ];

  /** Names the table and the files. */
  @property() caption = '';
  @property({ attribute: false }) table: ChartTable = { columns: [], rows: [] };
  /** The drawing as it stands now; null while there is none. */
  @property({ attribute: false }) svg: () => SVGSVGElement | null = () => null;

  @state() private outcome = '';
  @state() private shown = false;

  protected override render(): unknown {
    const { columns, rows, numeric = [] } = this.table;
    return html`<div class="bar">
        <details @toggle=${this.onToggle}>
          <summary>${msg('Show the figures')}</summary>
          ${
            this.shown
              ? html`<fr-data-table
                  captionless
                  caption=${this.caption}
                  .columns=${columns}
                  .rows=${rows}
                  .numeric=${numeric}
                ></fr-data-table>`
              : null
          }
        </details>
        <details>
          <summary>${msg('Copy or save')}</summary>
          <div class="ways" role="group" aria-label=${this.caption}>
            ${this.way(msg('Copy picture'), 'copy', this.copyPicture)}
            ${this.way(msg('Copy figures'), 'copy', this.copyTable)}
            ${this.way('SVG', 'download', this.saveSvg)}
            ${this.way('PNG', 'download', this.savePng)}
            ${this.way('CSV', 'download', this.saveCsv)}
          </div>
        </details>
      </div>
      <p class="outcome" role="status">${this.outcome}</p>`;
  }

  private way(words: string, name: 'copy' | 'download', act: () => Promise<string>): unknown {
    return html`<button class="button" type="button" @click=${() => void this.try(act)}>
      ${icon(name, 18)} ${words}
    </button>`;
  }

  /** Long tables are made when they are looked at. */
  private readonly onToggle = (event: Event): void => {
    this.shown = (event.target as HTMLDetailsElement).open;
  };

  private async try(act: () => Promise<string>): Promise<void> {
    this.outcome = '';
    try {
      this.outcome = await act();
    } catch {
      this.outcome = msg('This browser does not allow it. Save the chart as a file instead.');
    }
  }

  private readonly copyPicture = async (): Promise<string> => {
    const svg = this.drawing();
    // Given as a promise, so that the tap still counts when the picture is ready.
    const item = new ClipboardItem({ 'image/png': pngOf(svg, this.caption) });
    await navigator.clipboard.write([item]);
    return msg('The picture is copied.');
  };

  private readonly copyTable = async (): Promise<string> => {
    await navigator.clipboard.writeText(this.csv());
    return msg('The figures are copied.');
  };

  private readonly saveSvg = async (): Promise<string> =>
    this.give('svg', 'image/svg+xml', svgDocument(this.drawing(), this.caption));

  private readonly savePng = async (): Promise<string> =>
    this.give('png', 'image/png', await pngOf(this.drawing(), this.caption));

  private readonly saveCsv = async (): Promise<string> => this.give('csv', 'text/csv', this.csv());

  private csv(): string {
    return csvOf(this.table.columns, this.table.rows);
  }

  private drawing(): SVGSVGElement {
    const svg = this.svg();
    if (!svg) throw new Error('There is no chart yet.');
    return svg;
  }

  private give(ending: string, type: string, content: string | Blob): string {
    const name = `fieldray-${fileStem(this.caption)}.${ending}`;
    this.emit('file-made', new File([content], name, { type }));
    return '';
  }
}
