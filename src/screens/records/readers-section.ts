import { msg, str } from '@lit/localize';
import { css, html, nothing } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import type { FrDialog } from '../../elements/dialog.ts';
import { icon } from '../../elements/icons.ts';
import type { ReaderChoice } from '../../records/types.ts';
import { formatDate } from '../../words/format.ts';
import { faultNotice } from '../../elements/desk/fault-notice.ts';
import { DeskPart } from '../../elements/desk/desk-part.ts';
import type { FrReaderFields } from './reader-fields.ts';
import './reader-fields.ts';
import '../../elements/dialog.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-readers-section': FrReadersSection;
  }
}

/** Who may open the kept studies; adds and removes readers. */
@customElement('fr-readers-section')
export class FrReadersSection extends DeskPart {
  static override styles = [
    ...DeskPart.styles,
    css`
      ul {
        padding: 0;
        list-style: none;
      }

      li {
        display: flex;
        gap: var(--space-3);
        align-items: center;
        justify-content: space-between;
        min-block-size: var(--touch);
        padding-block: var(--space-1);
        border-block-end: 1px solid var(--line);
      }

      li span {
        display: grid;
      }

      .row {
        margin-block-start: var(--space-4);
      }
    `,
  ];

  @state() private adding = false;
  @state() private removing: ReaderChoice | null = null;
  @query('fr-reader-fields') private readonly fields!: FrReaderFields;
  @query('#own') private readonly own!: HTMLInputElement;
  @query('fr-dialog') private readonly dialog!: FrDialog;

  protected override render(): unknown {
    const state = this.desk.records.state.value;
    if (state?.phase !== 'unlocked') return nothing;
    return html`<div class="card">
        <h2>${msg('Readers')}</h2>
        <ul>
          ${state.readers.map(
            (reader) =>
              html`<li>
                <span
                  ><strong dir="auto">${nameOf(reader)}</strong>
                  <span class="hint">${msg(str`Since ${formatDate(reader.addedAt)}`)}</span></span
                >
                <button
                  class="button"
                  type="button"
                  aria-label=${msg(str`Remove ${reader.name}`)}
                  ?disabled=${state.readers.length === 1}
                  @click=${() => this.ask(reader)}
                >
                  ${icon('trash', 20)} ${msg('Remove')}
                </button>
              </li>`,
          )}
        </ul>
        ${
          this.adding
            ? this.renderForm()
            : html`<div class="row">
                <button class="button" type="button" @click=${() => (this.adding = true)}>
                  ${icon('plus', 20)} ${msg('Add a reader')}
                </button>
              </div>`
        }
      </div>
      <fr-dialog heading=${msg('Remove this reader?')}>
        <p>
          ${msg(
            str`${this.removing?.name ?? ''} can no longer unlock the kept studies on this device. What they said stays.`,
          )}
        </p>
        <div slot="actions">
          <button class="button" type="button" @click=${() => this.dialog.close()}>
            ${msg('Keep')}
          </button>
          <button class="button primary" type="button" @click=${this.takeAway}>
            ${msg('Remove')}
          </button>
        </div>
      </fr-dialog>`;
  }

  private renderForm(): unknown {
    const byKey = this.desk.records.reader === null;
    return html`<form
      novalidate
      @submit=${(event: Event) => {
        event.preventDefault();
        void this.add();
      }}
    >
      <h3>${msg('New reader')}</h3>
      <fr-reader-fields></fr-reader-fields>
      <label class="field"
        ><span>${byKey ? msg('The recovery key') : msg('Your own passphrase, to confirm')}</span>
        <input id="own" type=${byKey ? 'text' : 'password'} autocomplete="off" />
      </label>
      ${faultNotice(this.fault)}
      <div class="row">
        <button class="button primary" type="submit" ?disabled=${this.busy}>
          ${this.busy ? msg('Adding…') : msg('Add')}
        </button>
        <button class="button bare" type="button" @click=${() => (this.adding = false)}>
          ${msg('Cancel')}
        </button>
      </div>
    </form>`;
  }

  private async add(): Promise<void> {
    const added = this.fields.take();
    if (!added) return;
    if (this.own.value === '') {
      this.own.focus();
      return;
    }
    const { records } = this.desk;
    const { reader } = records;
    const opening = reader
      ? ({ kind: 'passphrase', reader: reader.id, passphrase: this.own.value } as const)
      : ({ kind: 'recovery', key: this.own.value } as const);
    const done = await this.attempt(async () => {
      try {
        await records.call('addReader', opening, added);
      } finally {
        await records.refresh();
      }
    });
    if (done) this.adding = false;
  }

  private ask(reader: ReaderChoice): void {
    this.removing = reader;
    this.dialog.show();
  }

  private readonly takeAway = async (): Promise<void> => {
    const { removing } = this;
    this.dialog.close();
    if (!removing) return;
    const { records } = this.desk;
    await this.attempt(async () => {
      await records.call('removeReader', removing.id);
      await records.refresh();
    });
  };
}

function nameOf({ name, initials }: ReaderChoice): string {
  return `${name} (${initials})`;
}
