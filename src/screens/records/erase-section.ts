import { msg } from '@lit/localize';
import { css, html } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import type { FrDialog } from '../../elements/dialog.ts';
import { icon } from '../../elements/icons.ts';
import { faultNotice } from '../../elements/desk/fault-notice.ts';
import { DeskPart } from '../../elements/desk/desk-part.ts';
import '../../elements/dialog.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-erase-section': FrEraseSection;
  }
  interface HTMLElementEventMap {
    'records-erased': CustomEvent<undefined>;
  }
}

/** Erases every kept study for good, after one clear question. */
@customElement('fr-erase-section')
export class FrEraseSection extends DeskPart {
  static override styles = [
    ...DeskPart.styles,
    css`
      p.row {
        margin-block-start: var(--space-4);
      }

      .choice {
        margin-block-start: var(--space-4);
      }
    `,
  ];

  @state() private sure = false;
  @query('fr-dialog') private readonly dialog!: FrDialog;

  protected override render(): unknown {
    return html`<div class="card">
        <h2>${msg('Erase everything')}</h2>
        <p class="note">
          ${msg('Destroys the key, so that nothing kept here can ever be opened again, then deletes all studies. Backups on other media stay.')}
        </p>
        ${faultNotice(this.fault)}
        <p class="row">
          <button class="button" type="button" @click=${this.ask}>
            ${icon('trash', 20)} ${msg('Erase everything')}
          </button>
        </p>
      </div>
      <fr-dialog heading=${msg('Erase all kept studies?')}>
        <p>
          ${msg('The key is destroyed first. After that nobody can open these studies, not even with the recovery key.')}
        </p>
        <label class="choice"
          ><input
            type="checkbox"
            .checked=${this.sure}
            @change=${(event: Event) => (this.sure = (event.target as HTMLInputElement).checked)}
          /><span>${msg('Yes, erase everything')}</span></label
        >
        <div slot="actions">
          <button class="button" type="button" @click=${() => this.dialog.close()}>
            ${msg('Keep them')}
          </button>
          <button
            class="button primary"
            type="button"
            ?disabled=${!this.sure || this.busy}
            @click=${this.erase}
          >
            ${msg('Erase')}
          </button>
        </div>
      </fr-dialog>`;
  }

  private readonly ask = (): void => {
    this.sure = false;
    this.dialog.show();
  };

  private readonly erase = async (): Promise<void> => {
    const done = await this.attempt(() => this.desk.records.erase());
    this.dialog.close();
    if (done) this.emit('records-erased');
  };
}
