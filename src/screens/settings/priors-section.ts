import { msg, str } from '@lit/localize';
import { css, html, nothing } from 'lit';
import type { PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Priors } from '../../assurance/types.ts';
import { FieldrayElement } from '../../elements/base.ts';
import { formatNumber, formatProbability } from '../../words/format.ts';
import { baseStyles, buttonStyles } from '../../elements/styles.ts';
import { CLASS_LABELS } from '../../model/index.ts';
import { className } from '../../words/words.ts';
import '../../elements/data-table.ts';
import '../../elements/segmented.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-priors-section': FrPriorsSection;
  }
  interface HTMLElementEventMap {
    /** Null: as the model assumes. */
    'priors-stated': CustomEvent<Priors | null>;
  }
}

/** The class that takes what the others leave. */
const REST = CLASS_LABELS.indexOf('Normal');
/** No class is impossible: of 1,000 pictures at least one. */
const LEAST = 0.1;

/** How common each class is among the pictures taken at this site, and what that changes. */
@customElement('fr-priors-section')
export class FrPriorsSection extends FieldrayElement {
  static override styles = [
    baseStyles,
    buttonStyles,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--space-4);
      }

      fr-segmented {
        justify-self: start;
      }

      .fields {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 13rem), 1fr));
        gap: var(--space-3) var(--space-5);
      }

      .field {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: var(--space-1) var(--space-3);
        align-items: center;
      }

      input {
        inline-size: 5.5rem;
        min-block-size: var(--touch);
        padding-inline: var(--space-3);
        border: 1px solid var(--line-strong);
        border-radius: var(--radius-small);
        background: var(--panel);
        color: var(--ink);
        font: inherit;
        font-variant-numeric: tabular-nums;
        text-align: end;
      }

      input[aria-invalid='true'] {
        border-color: var(--trouble);
        box-shadow: inset 0 0 0 1px var(--trouble);
      }

      .rest {
        min-inline-size: 5.5rem;
        padding-inline: var(--space-3);
        font-weight: 600;
        font-variant-numeric: tabular-nums;
        text-align: end;
      }

      fr-data-table {
        max-inline-size: var(--measure);
      }

      .problem {
        color: var(--trouble);
        font-size: var(--text-note);
      }

      .note {
        max-inline-size: var(--measure);
        color: var(--ink-quiet);
        font-size: var(--text-note);
        line-height: 1.45;
      }
    `,
  ];

  /** What the model's probabilities assume, sum 1. */
  @property({ attribute: false }) assumed!: Priors;
  /** What the site states; null: nothing. */
  @property({ attribute: false }) stated: Priors | null = null;

  /** Of 100 pictures, as typed; kept while they cannot be used. */
  @state() private typed: readonly string[] = [];
  @state() private problem = '';

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('stated') && !changed.has('assumed')) return;
    const shares = this.stated ?? this.assumed;
    // What comes back from an own word must not rewrite a number that is being typed.
    const known = this.typed.length > 0 && shares.every((share, at) => this.says(at, share));
    if (!known) {
      this.typed = shares.map(hundred);
      this.problem = '';
    }
  }

  protected override render(): unknown {
    return html`<fr-segmented
        label=${msg('How common each class is')}
        .options=${[
          { value: 'model', label: msg('As in the model') },
          { value: 'here', label: msg('As it is here') },
        ]}
        .value=${this.stated ? 'here' : 'model'}
        @option-chosen=${(event: CustomEvent<string>) => this.turn(event.detail === 'here')}
      ></fr-segmented>
      ${this.stated ? this.renderFields() : nothing} ${this.renderEffect()}`;
  }

  private renderFields(): unknown {
    return html`<p class="note" id="ask">
        ${msg('Of 100 chest X-rays taken here, how many show…')}
      </p>
      <div class="fields" role="group" aria-labelledby="ask">
        ${CLASS_LABELS.map((label, index) =>
          index === REST
            ? html`<div class="field">
                <span>${msg(str`${className(label)} (the rest)`)}</span>
                <output class="rest">${this.restText()}</output>
              </div>`
            : html`<div class="field">
                <label for=${`prior-${index}`}>${className(label)}</label>
                <input
                  id=${`prior-${index}`}
                  type="number"
                  inputmode="decimal"
                  min=${LEAST}
                  max="99"
                  step="any"
                  .value=${this.typed[index] ?? ''}
                  aria-invalid=${this.problem !== ''}
                  aria-describedby=${this.problem ? 'problem' : nothing}
                  @input=${(event: Event) => this.type(index, (event.target as HTMLInputElement).value)}
                />
              </div>`,
        )}
      </div>
      ${this.problem ? html`<p class="problem" id="problem" role="alert">${this.problem}</p>` : nothing}`;
  }

  /** The same evidence for a class and for Normal, before and after. */
  private renderEffect(): unknown {
    const stated = this.stated ?? this.assumed;
    const rest = stated[REST] / this.assumed[REST];
    return html`<fr-data-table
        caption=${
          this.stated
            ? msg(
                'What it changes: a picture that is half like the class and half like Normal becomes',
              )
            : msg('What the model assumes')
        }
        .columns=${[
          msg('Class'),
          msg('Model, of 100'),
          ...(this.stated ? [msg('Here, of 100'), msg('Half becomes')] : []),
        ]}
        .numeric=${[1, 2, 3]}
        .rows=${CLASS_LABELS.map((label, index) => {
          const factor = (stated[index] ?? 0) / (this.assumed[index] ?? 1);
          return [
            className(label),
            hundred(this.assumed[index] ?? 0),
            ...(this.stated
              ? [
                  hundred(stated[index] ?? 0),
                  index === REST ? '–' : formatProbability(factor / (factor + rest)),
                ]
              : []),
          ];
        })}
      ></fr-data-table>
      <p class="note">
        ${msg(
          'A finding that is rare where you work is rarer behind the same shadow. Every probability is corrected for it (Saerens 2002), and the figures of a result show it before and after.',
        )}
      </p>`;
  }

  private restText(): string {
    const rest = this.rest();
    return Number.isFinite(rest) ? formatNumber(rest, rest % 1 === 0 ? 0 : 1) : '–';
  }

  private rest(): number {
    return this.typed.reduce(
      (rest, text, index) => (index === REST ? rest : rest - number(text)),
      100,
    );
  }

  private says(index: number, share: number): boolean {
    const typed = index === REST ? this.rest() : number(this.typed[index] ?? '');
    return Math.abs(typed / 100 - share) < 1e-6;
  }

  private turn(here: boolean): void {
    this.problem = '';
    this.emit('priors-stated', here ? this.assumed : null);
  }

  private type(index: number, text: string): void {
    this.typed = this.typed.map((old, at) => (at === index ? text : old));
    const shares = this.typed.map((each, at) => (at === REST ? this.rest() : number(each)));
    if (shares.some((share) => !Number.isFinite(share) || share < LEAST)) {
      this.problem =
        this.rest() < LEAST
          ? msg('Together they make more than 100. Nothing is left for Normal.')
          : msg(str`Each is at least ${formatNumber(LEAST, 1)} of 100: no class is impossible.`);
      return;
    }
    this.problem = '';
    const [a, b, c, d] = shares.map((share) => share / 100) as [number, number, number, number];
    this.emit('priors-stated', [a, b, c, d]);
  }
}

function hundred(share: number): string {
  return String(Math.round(1000 * share) / 10);
}

function number(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text);
}
