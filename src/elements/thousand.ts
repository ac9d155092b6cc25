import { css, html, svg } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { FieldrayElement } from './base.ts';
import { formatNumber } from '../words/format.ts';
import { baseStyles } from './styles.ts';

export interface PeopleGroup {
  readonly label: string;
  /** Whole people; the counts of all groups together make the crowd. */
  readonly count: number;
  /** With it: solid, half, hollow. Without it: the same in a quieter color. */
  readonly look: 'found' | 'unsure' | 'missed' | 'alarm' | 'checked' | 'clear';
}

declare global {
  interface HTMLElementTagNameMap {
    'fr-thousand': FrThousand;
  }
}

const COLUMNS = 50;
const CELL = 10;

/**
 * A crowd as dots, one a person: shares of people are understood where shares of one are not
 * (G. Gigerenzer and A. Edwards, BMJ 2003;327:741). The counts stand beside their words below.
 */
@customElement('fr-thousand')
export class FrThousand extends FieldrayElement {
  static override styles = [
    baseStyles,
    css`
      :host {
        display: block;
      }

      .crowd {
        display: block;
        inline-size: 100%;
        max-inline-size: 34rem;
        block-size: auto;
      }

      ul {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 15rem), 1fr));
        gap: var(--space-1) var(--space-5);
        margin-block-start: var(--space-3);
        padding: 0;
        font-size: var(--text-note);
        list-style: none;
      }

      li {
        display: flex;
        gap: var(--space-2);
        align-items: baseline;
      }

      li svg {
        flex: none;
        align-self: center;
      }

      strong {
        min-inline-size: 2.5em;
        font-variant-numeric: tabular-nums;
        text-align: end;
      }

      .found {
        fill: var(--accent);
        stroke: var(--accent);
      }

      .unsure {
        fill: var(--accent-soft);
        stroke: var(--accent);
        stroke-width: 1.5;
      }

      .missed {
        fill: none;
        stroke: var(--trouble);
        stroke-width: 2;
      }

      .alarm {
        fill: var(--caution);
        stroke: var(--caution);
      }

      .checked {
        fill: var(--caution-soft);
        stroke: var(--caution);
      }

      .clear {
        fill: none;
        stroke: var(--bar-quiet);
        stroke-width: 0.75;
      }

      @media (forced-colors: active) {
        .found,
        .alarm {
          fill: CanvasText;
        }

        .crowd path,
        li path {
          stroke: CanvasText;
        }
      }
    `,
  ];

  @property({ attribute: false }) groups: readonly PeopleGroup[] = [];

  protected override render(): unknown {
    const looks = this.groups.flatMap((group) =>
      Array.from({ length: group.count }, () => group.look),
    );
    const rows = Math.ceil(looks.length / COLUMNS);
    return html`<svg
        class="crowd"
        viewBox="0 0 ${COLUMNS * CELL} ${rows * CELL}"
        aria-hidden="true"
        focusable="false"
      >
        ${this.groups.map(({ look }) => svg`<path class=${look} d=${dots(looks, look)} />`)}
      </svg>
      <ul>
        ${this.groups.map(
          ({ label, count, look }) =>
            html`<li>
              <svg viewBox="0 0 10 10" width="14" height="14" aria-hidden="true">
                <path class=${look} d=${dot(5, 5)} />
              </svg>
              <strong>${formatNumber(count)}</strong>
              <span>${label}</span>
            </li>`,
        )}
      </ul>`;
  }
}

/** The dots of one look, column by column, so that a group stands together from the start on. */
function dots(looks: readonly PeopleGroup['look'][], wanted: PeopleGroup['look']): string {
  const rows = Math.ceil(looks.length / COLUMNS);
  return looks
    .map((look, index) =>
      look === wanted
        ? dot(CELL * (Math.floor(index / rows) + 0.5), CELL * ((index % rows) + 0.5))
        : '',
    )
    .join('');
}

function dot(x: number, y: number): string {
  const radius = 3.2;
  return `M${x - radius} ${y}a${radius} ${radius} 0 1 0 ${2 * radius} 0a${radius} ${radius} 0 1 0 ${-2 * radius} 0`;
}
