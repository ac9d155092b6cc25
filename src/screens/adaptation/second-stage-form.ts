import { msg, str } from '@lit/localize';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type * as AdaptationDoor from '../../adaptation/index.ts';
import type { TuningSettings } from '../../adaptation/index.ts';
import { FieldrayElement } from '../../elements/base.ts';
import { formatNumber } from '../../words/format.ts';
import { baseStyles, buttonStyles, pageStyles } from '../../elements/styles.ts';
import { CUT_POINTS, probeTuning } from '../../inference/tuning.ts';
import type { TuningVerdict } from '../../inference/tuning.ts';
import { adaptationStyles } from './adaptation-styles.ts';
import { renderNumberField } from './number-field.ts';
import '../../elements/notice.ts';
import '../../elements/slider.ts';
import '../../elements/switch.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-second-stage-form': FrSecondStageForm;
  }
  interface HTMLElementEventMap {
    /** Null: the head alone. */
    'tuning-wished': CustomEvent<TuningSettings | null>;
  }
}

/** Of this sitting: a device does not become faster between two looks at the form. */
let measured: Promise<TuningVerdict> | null = null;
const FIRST = 13;
const LAST = 16;

/** Fine-tuning of the last blocks: on where the device can do it, off with its reason where not. */
@customElement('fr-second-stage-form')
export class FrSecondStageForm extends FieldrayElement {
  static override styles = [
    baseStyles,
    buttonStyles,
    pageStyles,
    adaptationStyles,
    css`
      fr-slider {
        margin-block: var(--space-3);
      }
    `,
  ];

  @property({ attribute: false }) door!: typeof AdaptationDoor;
  @property({ attribute: false }) tuning: TuningSettings | null = null;
  /** Pictures that an epoch trains on. */
  @property({ type: Number }) pictures = 0;
  /** With their copies: every one is kept on the device while the training lasts. */
  @property({ type: Number }) kept = 0;
  /** Tests look at other answers. */
  @property({ attribute: false }) probe: () => Promise<TuningVerdict> = () => {
    measured ??= probeTuning({ block: FIRST });
    measured.catch(() => (measured = null));
    return measured;
  };

  @state() private verdict: TuningVerdict | null = null;
  @state() private fault = '';

  override connectedCallback(): void {
    super.connectedCallback();
    void this.measure();
  }

  private async measure(): Promise<void> {
    try {
      this.verdict = await this.probe();
    } catch (reason) {
      this.fault = reason instanceof Error ? reason.message : String(reason);
    }
    // What was wished for on another device, or before the answer, is not to stay on unseen.
    if (!this.verdict?.possible && this.tuning) this.emit('tuning-wished', null);
  }

  protected override render(): unknown {
    const { verdict, tuning } = this;
    return html`<p class="note">
        ${msg('After the head, the last blocks of the network can be trained as well, with small steps. That helps where this site’s pictures look different from the delivered ones, needs a graphics processor, and can also make it worse: the best epoch of both stages is kept.')}
      </p>
      <div role="status">
        ${
          this.fault
            ? html`<p class="note">${msg(str`Off: ${this.fault}`)}</p>`
            : verdict === null
              ? html`<p class="note">${msg('Measuring this device …')}</p>`
              : verdict.possible
                ? nothing
                : html`<p class="note">
                    ${msg(str`Off: ${this.door.whyNot(verdict.refused, Math.max(1, this.pictures))}`)}
                  </p>`
        }
      </div>
      ${
        verdict?.possible
          ? html`<fr-switch
                label=${msg('Train the last blocks as well')}
                .checked=${tuning !== null}
                @switch-turned=${(event: CustomEvent<boolean>) =>
                  this.wish(event.detail ? this.door.TUNING_DEFAULTS : null)}
              ></fr-switch>
              ${tuning ? this.renderSettings(tuning, verdict.msAPicture) : nothing}`
          : nothing
      }`;
  }

  private renderSettings(tuning: TuningSettings, msAPicture: number): unknown {
    const cut = CUT_POINTS.find(({ block }) => block === tuning.from);
    const seconds = (this.pictures * msAPicture * (cut?.work ?? 1)) / 1000;
    const megabytes = (this.kept * (cut ? cut.side * cut.side * cut.depth : 0) * 2) / 1e6;
    return html`<fr-slider
        label=${msg('First block that is trained')}
        min=${FIRST}
        max=${LAST}
        .value=${tuning.from}
        value-text=${msg(str`block ${tuning.from} of ${LAST}`)}
        @slider-moved=${(event: CustomEvent<number>) =>
          this.wish({ ...tuning, from: event.detail })}
      ></fr-slider>
      <div class="fields">
        ${this.number('epochs', msg('Epochs at most, second stage'), 1, 100, 1)}
        ${this.number('learningRate', msg('Learning rate, second stage'), 1e-7, 1e-2, 'any')}
      </div>
      <p class="note">
        ${msg(
          str`An epoch takes about ${words(seconds)} on this device. While the training lasts, ${formatNumber(Math.max(1, Math.ceil(megabytes)))} MB are kept here; the adapted model itself is up to ${tuning.from === 13 ? 7 : 6} MB.`,
        )}
      </p>`;
  }

  private number(
    key: 'epochs' | 'learningRate',
    label: string,
    min: number,
    max: number,
    step: number | 'any',
  ): unknown {
    const { tuning } = this;
    const field = { words: label, value: tuning?.[key] ?? null, min, max, step };
    return renderNumberField({ ...field, name: `tuning-${key}` }, (value) => {
      if (tuning) this.wish({ ...tuning, [key]: value });
    });
  }

  private wish(tuning: TuningSettings | null): void {
    this.emit('tuning-wished', tuning);
  }
}

function words(seconds: number): string {
  return seconds < 90
    ? msg(str`${formatNumber(Math.max(1, Math.round(seconds)))} seconds`)
    : msg(str`${formatNumber(Math.round(seconds / 60))} minutes`);
}
