import { msg, str } from '@lit/localize';
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { DeskPart } from '../../elements/desk/desk-part.ts';
import { mapRows } from '../../elements/rows.ts';
import { routeHash } from '../../state/routes.ts';
import { formatNumber } from '../../words/format.ts';
import { vars } from '../../elements/vars.ts';
import '../../elements/desk/study-list.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-before-list': FrBeforeList;
  }
}

/** Studies of the list that were open before the page was loaded anew: there again, to be put away. */
@customElement('fr-before-list')
export class FrBeforeList extends DeskPart {
  static override styles = [
    ...DeskPart.styles,
    css`
      :host {
        display: block;
        border-block-end: 1px solid var(--line);
        background: var(--panel);
      }

      summary {
        display: flex;
        gap: var(--space-3);
        align-items: center;
        justify-content: space-between;
        min-block-size: var(--touch);
        padding-inline: var(--space-4);
        font-weight: 600;
        cursor: pointer;
      }

      fr-study-list {
        block-size: min(calc(var(--count, 3) * 4.25rem), 40dvh, 26rem);
        border-block-start: 1px solid var(--line);
      }

      .away {
        padding: var(--space-2) var(--space-4);
        border-block-start: 1px solid var(--line);
      }
    `,
  ];

  @state() private open = true;

  protected override follow(): (() => void)[] {
    return [this.desk.keeper.before.listen(() => this.requestUpdate())];
  }

  protected override render(): unknown {
    const entries = this.desk.keeper.before.value;
    if (entries.length === 0) return nothing;
    const count = formatNumber(entries.length);
    return html`<details
      ?open=${this.open}
      @toggle=${(event: Event) => (this.open = (event.target as HTMLDetailsElement).open)}
    >
      <summary>
        ${
          entries.length === 1 ? msg('1 study from before') : msg(str`${count} studies from before`)
        }
      </summary>
      <fr-study-list
        ${vars({ '--count': entries.length })}
        label=${msg('Studies from before')}
        .entries=${mapRows(entries, (entry) => entry)}
        ?hiddenNames=${this.desk.settings.value.hidden}
        @study-opened=${(event: CustomEvent<string>) =>
          (location.hash = routeHash('history', event.detail))}
      ></fr-study-list>
      <div class="away">
        <button
          class="button"
          type="button"
          @click=${() => void this.desk.keeper.putAway(entries.map(({ id }) => id))}
        >
          ${msg('Done with these')}
        </button>
        <span class="hint">${msg('They stay in the history.')}</span>
      </div>
    </details>`;
  }
}
