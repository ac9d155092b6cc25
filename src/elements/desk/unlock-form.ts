import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import type { Opening } from '../../records/types.ts';
import { formatWait } from '../../words/format.ts';
import { faultNotice } from './fault-notice.ts';
import { DeskPart } from './desk-part.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-unlock-form': FrUnlockForm;
  }
}

/** Opens the kept studies with a reader's passphrase or the recovery key. */
@customElement('fr-unlock-form')
export class FrUnlockForm extends DeskPart {
  @state() private way: 'passphrase' | 'recovery' = 'passphrase';
  @state() private wait = 0;
  @query('#secret') private readonly secret!: HTMLInputElement;
  @query('select') private readonly select!: HTMLSelectElement | null;
  private timer: ReturnType<typeof setInterval> | undefined;

  protected override follow(): (() => void)[] {
    this.countDown();
    return [
      this.desk.records.state.listen(() => this.countDown()),
      () => clearInterval(this.timer),
    ];
  }

  protected override firstUpdated(): void {
    this.secret.focus({ preventScroll: true });
  }

  protected override render(): unknown {
    const state = this.desk.records.state.value;
    const readers = state === null || state.phase === 'off' ? [] : state.readers;
    const byKey = this.way === 'recovery';
    return html`<form
      novalidate
      @submit=${(event: Event) => {
        event.preventDefault();
        void this.unlock();
      }}
    >
      ${
        byKey
          ? nothing
          : html`<label class="field"
              ><span>${msg('Reader')}</span>
              <select>
                ${readers.map(({ id, name }) => html`<option value=${id}>${name}</option>`)}
              </select>
            </label>`
      }
      <label class="field"
        ><span>${byKey ? msg('Recovery key') : msg('Passphrase')}</span>
        <input
          id="secret"
          type=${byKey ? 'text' : 'password'}
          autocomplete=${byKey ? 'off' : 'current-password'}
          autocapitalize="off"
          spellcheck="false"
        />
      </label>
      ${
        this.wait > 0
          ? html`<p class="hint" role="status">
              ${msg(str`Wait ${formatWait(this.wait)} before the next try.`)}
            </p>`
          : faultNotice(this.fault)
      }
      <div class="row">
        <button class="button primary" type="submit" ?disabled=${this.busy || this.wait > 0}>
          ${this.busy ? msg('Opening…') : msg('Unlock')}
        </button>
        <button class="button bare" type="button" @click=${this.turn}>
          ${byKey ? msg('Use a passphrase') : msg('Use the recovery key')}
        </button>
      </div>
    </form>`;
  }

  private readonly turn = (): void => {
    this.way = this.way === 'recovery' ? 'passphrase' : 'recovery';
    this.fault = null;
    this.secret.value = '';
    this.secret.focus();
  };

  private async unlock(): Promise<void> {
    const typed = this.secret.value;
    if (typed === '') {
      this.secret.focus();
      return;
    }
    const opening: Opening =
      this.way === 'recovery'
        ? { kind: 'recovery', key: typed }
        : { kind: 'passphrase', reader: this.select?.value ?? '', passphrase: typed };
    await this.attempt(() => this.desk.records.unlock(opening));
    // A mistyped recovery key is mended, not typed anew.
    if (this.way === 'passphrase') this.secret.value = '';
    await this.updateComplete;
    this.secret?.focus();
  }

  private countDown(): void {
    const state = this.desk.records.state.value;
    this.wait = state?.phase === 'locked' ? state.wait : 0;
    clearInterval(this.timer);
    if (this.wait === 0) return;
    this.timer = setInterval(() => {
      this.wait = Math.max(0, this.wait - 1);
      if (this.wait === 0) clearInterval(this.timer);
    }, 1000);
  }
}
