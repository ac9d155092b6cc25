import { msg } from '@lit/localize';
import { html } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { DEFAULT_RECORDS_SETTINGS } from '../../records/index.ts';
import type { RecordsSettings } from '../../records/types.ts';
import { faultNotice } from '../../elements/desk/fault-notice.ts';
import { DeskPart } from '../../elements/desk/desk-part.ts';
import { settingsFields } from './settings-fields.ts';
import type { FrReaderFields } from './reader-fields.ts';
import './reader-fields.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-set-up-form': FrSetUpForm;
  }
  interface HTMLElementEventMap {
    /** The recovery key, to be shown once. */
    'records-set-up': CustomEvent<string>;
  }
}

/** Turns kept studies on: what is kept, who reads, and the first passphrase. */
@customElement('fr-set-up-form')
export class FrSetUpForm extends DeskPart {
  @state() private settings: RecordsSettings = DEFAULT_RECORDS_SETTINGS;
  @query('fr-reader-fields') private readonly reader!: FrReaderFields;

  protected override render(): unknown {
    return html`<form
      novalidate
      @submit=${(event: Event) => {
        event.preventDefault();
        void this.setUp();
      }}
    >
      ${settingsFields(this.settings, (part) => (this.settings = { ...this.settings, ...part }))}
      <h3>${msg('First reader')}</h3>
      <fr-reader-fields></fr-reader-fields>
      ${faultNotice(this.fault)}
      <div class="row">
        <button class="button primary" type="submit" ?disabled=${this.busy}>
          ${this.busy ? msg('Setting up…') : msg('Keep studies on this device')}
        </button>
      </div>
    </form>`;
  }

  private async setUp(): Promise<void> {
    const first = this.reader.take();
    if (!first) return;
    await this.attempt(async () => {
      const key = await this.desk.records.setUp(first, this.settings);
      this.emit('records-set-up', key);
    });
  }
}
