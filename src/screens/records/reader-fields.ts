import { msg } from '@lit/localize';
import { css, html } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { FieldrayElement } from '../../elements/base.ts';
import { baseStyles } from '../../elements/styles.ts';
import { passphraseStrength } from '../../records/index.ts';
import type { Strength } from '../../records/index.ts';
import type { NewReader } from '../../records/types.ts';
import { formStyles } from '../../elements/desk/form-styles.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-reader-fields': FrReaderFields;
  }
}

/** Who a new reader is, and the passphrase they choose, with its strength while it is typed. */
@customElement('fr-reader-fields')
export class FrReaderFields extends FieldrayElement {
  static override styles = [
    baseStyles,
    formStyles,
    css`
      :host {
        display: block;
      }

      .meter {
        display: grid;
        grid-template-columns: repeat(3, 1fr);
        gap: var(--space-1);
        block-size: 0.375rem;
      }

      .meter i {
        border-radius: 1rem;
        background: var(--sunken);
      }

      .weak i:nth-child(1) {
        background: var(--trouble);
      }

      .fair i:nth-child(-n + 2) {
        background: var(--caution);
      }

      .strong i {
        background: var(--good);
      }

      .name {
        grid-template-columns: minmax(0, 1fr) 7rem;
      }
    `,
  ];

  @state() private strength: Strength | null = null;
  @state() private problem = '';

  protected override render(): unknown {
    return html`<div class="fields">
      <div class="pair name">
        <label class="field"
          ><span>${msg('Your name')}</span>
          <input id="reader-name" maxlength="100" autocomplete="off" @input=${this.initialsOf} />
        </label>
        <label class="field"
          ><span>${msg('Initials')}</span>
          <input id="reader-initials" maxlength="8" autocomplete="off" />
        </label>
      </div>
      <label class="field"
        ><span>${msg('Passphrase')}</span>
        <input
          id="passphrase"
          type="password"
          autocomplete="new-password"
          aria-describedby="strength"
          @input=${this.measure}
        />
      </label>
      <div class="field" id="strength">
        <span class="meter ${this.strength ?? ''}" aria-hidden="true"><i></i><i></i><i></i></span>
        <span class="hint" role="status">${strengthWords(this.strength)}</span>
      </div>
      <label class="field"
        ><span>${msg('Passphrase once more')}</span>
        <input id="again" type="password" autocomplete="new-password" />
      </label>
      ${this.problem ? html`<p class="hint" role="alert">${this.problem}</p>` : ''}
    </div>`;
  }

  /** Null, with the reason beside the fields, until everything is there. */
  take(): NewReader | null {
    const [name, initials, passphrase, again] = [
      'reader-name',
      'reader-initials',
      'passphrase',
      'again',
    ].map((id) => this.field(id).value);
    const reader = {
      name: (name ?? '').trim(),
      initials: (initials ?? '').trim(),
      passphrase: passphrase ?? '',
    };
    const wrong = this.wrongIn(reader, again ?? '');
    this.problem = wrong?.words ?? '';
    if (!wrong) return reader;
    this.field(wrong.field).focus();
    return null;
  }

  private wrongIn(
    { name, initials, passphrase }: NewReader,
    again: string,
  ): { field: string; words: string } | null {
    if (name === '') return { field: 'reader-name', words: msg('Type your name.') };
    if (initials === '') return { field: 'reader-initials', words: msg('Type your initials.') };
    const strength = passphraseStrength(passphrase);
    if (strength === 'too-short' || strength === 'weak') {
      return { field: 'passphrase', words: strengthWords(strength) };
    }
    if (passphrase !== again) {
      return { field: 'again', words: msg('The two passphrases differ. Type the second again.') };
    }
    return null;
  }

  private field(id: string): HTMLInputElement {
    return this.renderRoot.querySelector(`#${id}`) as HTMLInputElement;
  }

  private readonly measure = (event: Event): void => {
    const { value } = event.target as HTMLInputElement;
    this.strength = value === '' ? null : passphraseStrength(value);
  };

  /** A proposal, as long as nobody typed their own. */
  private readonly initialsOf = (event: Event): void => {
    const initials = this.field('reader-initials');
    if (initials.dataset['own'] === 'yes') return;
    const { value } = event.target as HTMLInputElement;
    initials.value = value
      .split(/\s+/)
      .filter((part) => part !== '' && !part.endsWith('.'))
      .map((part) => Array.from(part)[0] ?? '')
      .join('')
      .toUpperCase()
      .slice(0, 4);
    initials.onchange = () => (initials.dataset['own'] = 'yes');
  };
}

function strengthWords(strength: Strength | null): string {
  switch (strength) {
    case null:
      return msg('Four words that nobody would guess are best, such as “river lamp seven goats”.');
    case 'too-short':
      return msg('Too short: at least 10 characters.');
    case 'weak':
      return msg('Too easy to guess. Add words.');
    case 'fair':
      return msg('Good enough. One more word makes it strong.');
    case 'strong':
      return msg('Strong.');
  }
}
