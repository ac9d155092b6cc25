import { msg, str } from '@lit/localize';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type * as AdaptationDoor from '../../adaptation/index.ts';
import type { TrainingSettings, TuningSettings } from '../../adaptation/index.ts';
import type { LabelledFolder } from '../../dataset/types.ts';
import { FieldrayElement } from '../../elements/base.ts';
import { formatNumber } from '../../words/format.ts';
import { baseStyles, buttonStyles, pageStyles } from '../../elements/styles.ts';
import { className } from '../../words/words.ts';
import { adaptationStyles } from './adaptation-styles.ts';
import { renderNumberField } from './number-field.ts';
import '../../elements/data-table.ts';
import '../../elements/segmented.ts';
import '../../elements/switch.ts';
import './augment-preview.ts';
import './second-stage-form.ts';

export interface TrainingWish {
  readonly name: string;
  readonly settings: TrainingSettings;
}

declare global {
  interface HTMLElementTagNameMap {
    'fr-train-form': FrTrainForm;
  }
  interface HTMLElementEventMap {
    'training-wished': CustomEvent<TrainingWish>;
  }
}

type NumberKey = {
  [K in keyof TrainingSettings]-?: TrainingSettings[K] extends number ? K : never;
}[keyof TrainingSettings];

/** What a person may set before a training; the study's own recipe to begin with. */
@customElement('fr-train-form')
export class FrTrainForm extends FieldrayElement {
  static override styles = [
    baseStyles,
    buttonStyles,
    pageStyles,
    adaptationStyles,
    css`
      .switches {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr));
        gap: var(--space-3) var(--space-5);
        margin-block: var(--space-3);
      }
    `,
  ];

  @property({ attribute: false }) folder!: LabelledFolder;
  /** The study's. */
  @property({ attribute: false }) start!: TrainingSettings;
  /** The classes in the order the model will have them. */
  @property({ attribute: false }) labels: readonly string[] = [];

  @property({ attribute: false }) door!: typeof AdaptationDoor;

  /** Measuring the device costs seconds: only for whoever looks. */
  @state() private secondOpened = false;
  @state() private settings: TrainingSettings | null = null;
  @state() private name: string | null = null;

  private get wished(): TrainingSettings {
    return this.settings ?? this.start;
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    // Weights a class belong to the classes of one folder.
    if (changed.has('labels') && typeof this.wished.alpha !== 'number') this.set({ alpha: 0.25 });
  }

  protected override render(): unknown {
    const { wished } = this;
    const counts = this.labels.map(
      (label) => this.folder.items.filter((item) => item.label === label).length,
    );
    return html`<form @submit=${this.submit}>
      <fr-data-table
        caption=${msg('Classes of this folder')}
        .columns=${[msg('Class'), msg('Pictures'), msg('Used')]}
        .rows=${this.labels.map((label, at) => [
          className(label),
          formatNumber(counts[at] ?? 0),
          formatNumber(
            wished.perClass > 0 ? Math.min(counts[at] ?? 0, wished.perClass) : (counts[at] ?? 0),
          ),
        ])}
        .numeric=${[1, 2]}
      ></fr-data-table>
      ${
        this.folder.audited
          ? nothing
          : html`<p class="note">
              ${msg('Near-duplicates have not been looked for: copies of one picture may then stand on both sides, and the figures come out too good. Run the audit under Insights first.')}
            </p>`
      }
      <div class="fields">
        <label class="field"
          ><span>${msg('Name of the model')}</span>
          <input
            required
            maxlength="80"
            .value=${this.name ?? this.folder.name}
            @change=${(event: Event) => (this.name = (event.target as HTMLInputElement).value)}
        /></label>
        ${this.number('epochs', msg('Epochs at most'), 1, 500, 1)}
        ${this.number('copies', msg('Changed copies a picture'), 0, 20, 1)}
        <label class="field"
          ><span>${msg('Small classes')}</span>
          <select
            @change=${(event: Event) =>
              this.set({
                balance: (event.target as HTMLSelectElement).value as TrainingSettings['balance'],
              })}
          >
            ${(
              [
                ['sampling', msg('Come as often')],
                ['weights', msg('Weigh more')],
                ['none', msg('As they are')],
              ] as const
            ).map(
              ([value, words]) =>
                html`<option value=${value} ?selected=${value === wished.balance}>
                  ${words}
                </option>`,
            )}
          </select></label
        >
      </div>
      <details>
        <summary>${msg('Every setting')}</summary>
        <div class="fields">
          ${this.number('batch', msg('Batch'), 1, 1024, 1)}
          ${this.number('validationShare', msg('Share to test on'), 0.05, 0.5, 0.01)}
          ${this.number('seed', msg('Seed'), 0, 4294967295, 1)}
          ${this.number('perClass', msg('Pictures a class at most (0 all)'), 0, 20_000, 1)}
          ${this.number('patience', msg('Stop after epochs without gain (0 never)'), 0, 500, 1)}
          ${this.number('learningRate', msg('Learning rate'), 0.0000001, 1, 'any')}
          ${this.number('beta1', msg('Adam β₁'), 0, 0.9999, 'any')}
          ${this.number('beta2', msg('Adam β₂'), 0, 0.99999, 'any')}
          ${this.number('epsilon', msg('Adam ε'), 1e-12, 1, 'any')}
          ${this.number('dropout', msg('Dropout'), 0, 0.9, 0.05)}
          ${this.number('gamma', msg('Focal loss γ'), 0, 10, 0.1)} ${this.renderAlpha()}
        </div>
      </details>
      <details @toggle=${() => (this.secondOpened = true)}>
        <summary>${msg('Fine-tuning of the last blocks')}</summary>
        ${this.secondOpened ? this.renderSecondStage(counts) : nothing}
      </details>
      ${wished.copies > 0 ? this.renderAugmentation() : nothing}
      <div class="row">
        <button class="button primary" type="submit">${msg('Train')}</button>
        ${
          this.settings === null
            ? nothing
            : html`<button class="button bare" type="button" @click=${() => (this.settings = null)}>
                ${msg('Back to the study’s settings')}
              </button>`
        }
      </div>
    </form>`;
  }

  private number(
    key: NumberKey,
    words: string,
    min: number,
    max: number,
    step: number | 'any',
  ): unknown {
    return renderNumberField(
      { words, value: this.wished[key], min, max, step, name: key },
      (value) => this.set({ [key]: value }),
    );
  }

  private renderSecondStage(counts: readonly number[]): unknown {
    const { copies, perClass, tuning, validationShare } = this.wished;
    const all = counts.reduce(
      (sum, count) => sum + (perClass > 0 ? Math.min(count, perClass) : count),
      0,
    );
    const pictures = Math.round(all * (1 - validationShare));
    return html`<fr-second-stage-form
      .door=${this.door}
      .tuning=${tuning ?? null}
      .pictures=${pictures}
      .kept=${all + copies * pictures}
      @tuning-wished=${(event: CustomEvent<TuningSettings | null>) =>
        this.set({ tuning: event.detail ?? undefined })}
    ></fr-second-stage-form>`;
  }

  private renderAlpha(): unknown {
    const { alpha } = this.wished;
    const each = typeof alpha === 'number' ? null : alpha;
    const field = (words: string, value: number, take: (value: number) => void): unknown =>
      renderNumberField({ words, value, min: 0, max: 100, step: 'any' }, take);
    return html`<fr-switch
        label=${msg('Focal loss α for each class')}
        .checked=${each !== null}
        @switch-turned=${(event: CustomEvent<boolean>) =>
          this.set({ alpha: event.detail ? this.labels.map(() => 0.25) : 0.25 })}
      ></fr-switch>
      ${
        each === null
          ? field(msg('Focal loss α'), alpha as number, (value) => this.set({ alpha: value }))
          : each.map((value, at) =>
              field(msg(str`α of ${className(this.labels[at] ?? '')}`), value, (next) =>
                this.set({ alpha: each.map((old, k) => (k === at ? next : old)) }),
              ),
            )
      }`;
  }

  private renderAugmentation(): unknown {
    const { geometry, seed } = this.wished;
    const study = this.start.geometry;
    const turn = (change: Partial<typeof geometry>): void =>
      this.set({ geometry: { ...this.wished.geometry, ...change } });
    const ranges = [
      ['rotation', msg('Rotation ±25°')],
      ['shift', msg('Shift ±20 %')],
      ['shear', msg('Shear 15 %')],
      ['zoom', msg('Zoom ±20 %')],
    ] as const;
    return html`<h3>${msg('How copies are changed')}</h3>
      <div class="switches">
        ${ranges.map(
          ([key, words]) =>
            html`<fr-switch
              label=${words}
              .checked=${geometry[key] > 0}
              @switch-turned=${(event: CustomEvent<boolean>) =>
                turn({ [key]: event.detail ? study[key] : 0 })}
            ></fr-switch>`,
        )}
        <fr-switch
          label=${msg('Left and right exchanged')}
          .checked=${geometry.flip}
          @switch-turned=${(event: CustomEvent<boolean>) => turn({ flip: event.detail })}
        ></fr-switch>
      </div>
      <fr-augment-preview
        .folder=${this.folder}
        .geometry=${geometry}
        .seed=${seed}
      ></fr-augment-preview>`;
  }

  private set(change: Partial<TrainingSettings>): void {
    this.settings = { ...this.wished, ...change };
  }

  private readonly submit = (event: Event): void => {
    event.preventDefault();
    this.emit('training-wished', {
      name: this.name ?? this.folder.name,
      settings: this.wished,
    } satisfies TrainingWish);
  };
}
