import { msg, str } from '@lit/localize';
import { css, html, nothing } from 'lit';
import type { PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { countingWords } from '../../records/index.ts';
import type { KeptStudy, NewWord } from '../../records/types.ts';
import { formatTime } from '../../words/format.ts';
import { verdictWords } from '../../words/study-words.ts';
import { className } from '../../words/words.ts';
import { icon } from '../icons.ts';
import { DeskPart } from './desk-part.ts';
import { faultNotice } from './fault-notice.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-reader-word': FrReaderWord;
  }
  interface HTMLElementEventMap {
    /** The study as it is kept now. */
    'word-given': CustomEvent<KeptStudy>;
  }
}

/** What readers said of a study, and the way to say it: agree with one tap, or say what it is instead. */
@customElement('fr-reader-word')
export class FrReaderWord extends DeskPart {
  static override styles = [
    ...DeskPart.styles,
    css`
      :host {
        display: block;
      }

      section {
        margin: 0;
      }

      h2 {
        font-size: var(--text-lead);
      }

      .said {
        display: grid;
        gap: var(--space-2);
        margin-block-end: var(--space-3);
        padding: 0;
        list-style: none;
      }

      .said .amended {
        color: var(--ink-quiet);
        text-decoration: line-through;
      }

      .said small {
        color: var(--ink-quiet);
      }

      .choice {
        padding: var(--space-2) var(--space-3);
      }

      form {
        margin-block-start: var(--space-3);
      }
    `,
  ];

  /** Of the study. */
  @property() study = '';
  /** The network's class; null: it has none. */
  @property() top: string | null = null;
  /** The network's classes. */
  @property({ attribute: false }) labels: readonly string[] = [];
  /** The network's answer is not shown until the reader has spoken. */
  @property({ type: Boolean, reflect: true }) blind = false;

  @state() private kept: KeptStudy | null = null;
  @state() private asking = false;
  @state() private chosen = '';
  @query('textarea') private readonly text!: HTMLTextAreaElement | null;
  private shownAt = performance.now();
  private wasBlind = false;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('study')) {
      this.shownAt = performance.now();
      this.kept = null;
      this.asking = false;
      this.wasBlind = false;
      void this.look();
    }
    if (this.blind) this.wasBlind = true;
  }

  protected override follow(): (() => void)[] {
    return [this.desk.records.changes.listen(() => void this.look())];
  }

  protected override render(): unknown {
    if (!this.desk.records.unlocked) return nothing;
    const words = this.kept?.words ?? [];
    const counting = new Set(this.kept ? countingWords(this.kept).map(({ id }) => id) : []);
    const reader = this.desk.records.reader?.id ?? 'recovery';
    const spoke = words.some(({ by }) => by.reader === reader);
    return html`<section aria-labelledby="heading">
      <h2 id="heading">${this.blind ? msg('Your reading first') : msg('The reader’s word')}</h2>
      ${
        words.length > 0
          ? html`<ul class="said">
              ${words.map(
                (word) =>
                  html`<li class=${counting.has(word.id) ? '' : 'amended'}>
                    <strong>${word.by.initials}</strong> ${verdictWords(word)}
                    ${word.text ? html`<span dir="auto">– ${word.text}</span>` : nothing}
                    <small>${formatTime(word.at)}</small>
                  </li>`,
              )}
            </ul>`
          : nothing
      }
      ${faultNotice(this.fault)}
      ${this.blind || this.asking ? this.renderForm(spoke) : this.renderButtons(spoke)}
    </section>`;
  }

  private renderButtons(spoke: boolean): unknown {
    const { top } = this;
    if (spoke) {
      return html`<button class="button" type="button" @click=${() => (this.asking = true)}>
        ${icon('edit', 20)} ${msg('Amend')}
      </button>`;
    }
    return html`<div class="row">
      ${
        top === null
          ? nothing
          : html`<button
              class="button primary"
              type="button"
              ?disabled=${this.busy}
              @click=${() => void this.say({ verdict: 'agree', label: top, text: '' })}
            >
              ${icon('check', 20)} ${msg(str`Agree: ${className(top)}`)}
            </button>`
      }
      <button class="button" type="button" @click=${() => (this.asking = true)}>
        ${top === null ? msg('Say what it is') : msg('Something else')}
      </button>
    </div>`;
  }

  private renderForm(spoke: boolean): unknown {
    const choice = (value: string, words: string): unknown =>
      html`<label class="choice"
        ><input
          type="radio"
          name="word"
          value=${value}
          .checked=${this.chosen === value}
          @change=${() => (this.chosen = value)}
        /><span>${words}</span></label
      >`;
    return html`<form
      @submit=${(event: Event) => {
        event.preventDefault();
        void this.send();
      }}
    >
      <fieldset>
        <legend>${msg('What it is')}</legend>
        ${this.labels.map((label) => choice(`class ${label}`, className(label)))}
        ${choice('other', msg('Something else'))} ${choice('unreadable', msg('Not readable'))}
      </fieldset>
      <label class="field"
        ><span>${msg('In your own words')}</span>
        <textarea
          autocomplete="off"
          maxlength="2000"
          ?required=${this.chosen === 'other'}
        ></textarea>
      </label>
      <div class="row">
        <button class="button primary" type="submit" ?disabled=${this.busy || this.chosen === ''}>
          ${spoke ? msg('Amend') : msg('Save')}
        </button>
        ${
          this.blind
            ? nothing
            : html`<button class="button bare" type="button" @click=${() => (this.asking = false)}>
                ${msg('Cancel')}
              </button>`
        }
      </div>
    </form>`;
  }

  private async send(): Promise<void> {
    const text = this.text?.value.trim() ?? '';
    const { chosen, top } = this;
    if (chosen === 'other' || chosen === 'unreadable') {
      await this.say({ verdict: chosen, label: null, text });
    } else {
      const label = chosen.replace(/^class /, '');
      // Named without seeing the answer, the same class is an agreement as well.
      await this.say({ verdict: label === top ? 'agree' : 'class', label, text });
    }
  }

  private async say(word: Pick<NewWord, 'verdict' | 'label' | 'text'>): Promise<void> {
    const seconds = Math.round((performance.now() - this.shownAt) / 1000);
    const done = await this.attempt(async () => {
      this.kept = await this.desk.say(this.study, { ...word, seconds, blind: this.wasBlind });
    });
    if (!done || !this.kept) return;
    this.asking = false;
    this.chosen = '';
    this.emit('word-given', this.kept);
  }

  private async look(): Promise<void> {
    const { study } = this;
    if (study === '' || !this.desk.records.unlocked) return;
    try {
      const kept = await this.desk.records.call('peek', study);
      if (study === this.study) this.kept = kept;
    } catch {
      // Not written yet, or locked: it comes with the next change.
      if (study === this.study) this.kept = null;
    }
  }
}
