import { msg, str } from '@lit/localize';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { limitsOf, operatingFigures } from '../../assurance/index.ts';
import type {
  AssuranceSettings,
  Estimate,
  OperatingChoice,
  OperatingFigures,
} from '../../assurance/types.ts';
import { FieldrayElement } from '../../elements/base.ts';
import { formatNumber, formatShare } from '../../words/format.ts';
import type { CurvePoint } from '../../elements/operating-curve.ts';
import { baseStyles } from '../../elements/styles.ts';
import type { PeopleGroup } from '../../elements/thousand.ts';
import { CLASS_LABELS } from '../../model/index.ts';
import type { ClassLabel, OperatingCurve } from '../../model/index.ts';
import { className } from '../../words/words.ts';
import '../../elements/data-table.ts';
import '../../elements/operating-curve.ts';
import '../../elements/segmented.ts';
import '../../elements/slider.ts';
import '../../elements/thousand.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-operating-section': FrOperatingSection;
  }
  interface HTMLElementEventMap {
    'operating-chosen': CustomEvent<AssuranceSettings['operating']>;
  }
}

const CROWD = 1000;

/** From which probability on a class is flagged: two targets, the curve, and what comes of them. */
@customElement('fr-operating-section')
export class FrOperatingSection extends FieldrayElement {
  static override styles = [
    baseStyles,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--space-5);
      }

      fr-segmented {
        justify-self: start;
      }

      .pair {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr));
        gap: var(--space-5) var(--space-6);
      }

      .column {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--space-4);
        align-content: start;
      }

      h3 {
        margin-block-end: var(--space-3);
        font-size: var(--text-body);
        font-weight: 600;
      }

      .note {
        max-inline-size: var(--measure);
        color: var(--ink-quiet);
        font-size: var(--text-note);
        line-height: 1.45;
      }
    `,
  ];

  /** The curves in use, one a class. */
  @property({ attribute: false }) curves: readonly OperatingCurve[] = [];
  /** They come from the site's own labelled folder, not from the shipped evaluation. */
  @property({ type: Boolean }) own = false;
  @property({ attribute: false }) operating!: AssuranceSettings['operating'];
  /** How common each class is where the site works, order of CLASS_LABELS. */
  @property({ attribute: false }) prevalence: readonly number[] = [];

  @state() private label: ClassLabel = CLASS_LABELS[0];

  protected override render(): unknown {
    const curve = this.curves.find(({ label }) => label === this.label);
    return html`<fr-segmented
        label=${msg('Class')}
        .options=${CLASS_LABELS.map((label) => ({ value: label, label: className(label) }))}
        .value=${this.label}
        @option-chosen=${(event: CustomEvent<string>) => (this.label = event.detail as ClassLabel)}
      ></fr-segmented>
      ${curve ? this.renderClass(curve) : nothing}`;
  }

  private renderClass(curve: OperatingCurve): unknown {
    const choice = this.operating[this.label];
    const prevalence = this.prevalence[CLASS_LABELS.indexOf(this.label)] ?? 0;
    const { low, high } = limitsOf(curve, choice);
    const flagged = operatingFigures(curve, low, prevalence);
    const referred = operatingFigures(curve, high, prevalence);
    const name = className(this.label);
    return html`<div class="pair">
        <div class="column">
          <fr-slider
            label=${msg('Not flagged: miss few. Of 100 with it, find at least')}
            min="50"
            max="99.5"
            step="0.5"
            .value=${100 * choice.sensitivity}
            value-text=${percent(choice.sensitivity)}
            @slider-moved=${(event: CustomEvent<number>) =>
              this.choose({ ...choice, sensitivity: event.detail / 100 })}
          ></fr-slider>
          <fr-slider
            label=${msg('Refer at once: alarm few. Of 100 without it, spare at least')}
            min="50"
            max="99.5"
            step="0.5"
            .value=${100 * choice.specificity}
            value-text=${percent(choice.specificity)}
            @slider-moved=${(event: CustomEvent<number>) =>
              this.choose({ ...choice, specificity: event.detail / 100 })}
          ></fr-slider>
          <p class="note">${this.explain(low, high)}</p>
          ${this.renderTable(flagged, referred, prevalence)}
          <p class="note">${this.source(curve)}</p>
        </div>
        <fr-operating-curve
          caption=${msg(str`${name}: what is found against what is flagged for nothing`)}
          .points=${pointsOf(curve)}
          .chosen=${placeOf(referred)}
          .lower=${low < high ? placeOf(flagged) : null}
        ></fr-operating-curve>
      </div>
      <div>
        <h3>${msg(str`What this means for ${formatNumber(CROWD)} patients here`)}</h3>
        <fr-thousand .groups=${crowdOf(flagged, referred, prevalence)}></fr-thousand>
      </div>`;
  }

  private explain(low: number, high: number): string {
    const from = formatNumber(low, 2);
    const to = formatNumber(high, 2);
    if (low >= high) {
      return msg(
        str`Flagged and referred from a probability of ${to} on; there is no “uncertain”.`,
      );
    }
    return msg(
      str`Below a probability of ${from}: not flagged. From ${to} on: refer. In between: uncertain, read by a person.`,
    );
  }

  private source(curve: OperatingCurve): string {
    const counts = msg(
      str`${formatNumber(curve.positives)} pictures with it, ${formatNumber(curve.negatives)} without`,
    );
    return this.own
      ? msg(str`From this site’s own labelled folder: ${counts}.`)
      : msg(
          str`From the evaluation shipped with the model, on pictures it never saw: ${counts}. At another site the figures may be worse.`,
        );
  }

  private renderTable(
    flagged: OperatingFigures,
    referred: OperatingFigures,
    prevalence: number,
  ): unknown {
    const rows = [
      [msg('Sensitivity'), flagged.sensitivity, referred.sensitivity],
      [msg('Specificity'), flagged.specificity, referred.specificity],
      [msg('Positive predictive value'), flagged.positivePredictive, referred.positivePredictive],
      [msg('Negative predictive value'), flagged.negativePredictive, referred.negativePredictive],
    ] as const;
    return html`<fr-data-table
      caption=${msg(
        str`With ${formatShare(prevalence)} of the patients having it. In brackets: 95 % interval (Wilson).`,
      )}
      .columns=${[msg('Figure'), msg('Flagged at all'), msg('Referred')]}
      .numeric=${[1, 2]}
      .rows=${rows.map(([name, a, b]) => [name, interval(a), interval(b)])}
    ></fr-data-table>`;
  }

  private choose(choice: OperatingChoice): void {
    this.emit('operating-chosen', { ...this.operating, [this.label]: choice });
  }
}

function pointsOf(curve: OperatingCurve): CurvePoint[] {
  return curve.thresholds.map((threshold, index) => ({
    threshold,
    sensitivity: (curve.truePositives[index] ?? 0) / (curve.positives || 1),
    specificity: 1 - (curve.falsePositives[index] ?? 0) / (curve.negatives || 1),
  }));
}

function placeOf({ threshold, sensitivity, specificity }: OperatingFigures): CurvePoint {
  return { threshold, sensitivity: sensitivity.value, specificity: specificity.value };
}

/** Whole people, with and without it, by what becomes of them. */
export function crowdOf(
  flagged: OperatingFigures,
  referred: OperatingFigures,
  prevalence: number,
): PeopleGroup[] {
  const ill = Math.round(CROWD * prevalence);
  const well = CROWD - ill;
  const found = Math.round(ill * referred.sensitivity.value);
  const seen = Math.max(found, Math.round(ill * flagged.sensitivity.value));
  const alarms = Math.round(well * (1 - referred.specificity.value));
  const looked = Math.max(alarms, Math.round(well * (1 - flagged.specificity.value)));
  return [
    { label: msg('have it and are referred'), count: found, look: 'found' },
    { label: msg('have it and are read by a person'), count: seen - found, look: 'unsure' },
    { label: msg('have it and are missed'), count: ill - seen, look: 'missed' },
    { label: msg('do not have it but are referred'), count: alarms, look: 'alarm' },
    {
      label: msg('do not have it and are read by a person'),
      count: looked - alarms,
      look: 'checked',
    },
    { label: msg('do not have it and are not flagged'), count: well - looked, look: 'clear' },
  ];
}

function percent(share: number): string {
  return `${formatNumber(100 * share, 100 * share > 99 ? 1 : 0)} %`;
}

function interval({ value, low, high }: Estimate): string {
  return `${formatShare(value)} (${formatShare(low)}–${formatShare(high)})`;
}
