import { msg, str } from '@lit/localize';
import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Assurance } from '../../assurance/types.ts';
import { FieldrayElement } from '../../elements/base.ts';
import type { Cell } from '../../elements/data-table.ts';
import {
  formatMilliseconds,
  formatNumber,
  formatProbability,
  formatShare,
} from '../../words/format.ts';
import { icon } from '../../elements/icons.ts';
import { baseStyles } from '../../elements/styles.ts';
import type { Reading } from '../../inference/types.ts';
import { backendWords, className } from '../../words/words.ts';
import { adjustmentWords } from '../../words/adjustment-words.ts';
import { barsOf, measuredWords } from '../../words/assessment-words.ts';
import {
  allOf,
  cautionWords,
  decisionWords,
  lungWords,
  qualityName,
  severityWords,
  stabilityWords,
} from '../../words/assurance-words.ts';
import '../../elements/bar-list.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-result-figures': FrResultFigures;
  }
}

/** Whether the person wants the figures: kept from picture to picture, for this sitting. */
let wanted = false;

function loadTables(): void {
  void import('../../elements/data-table.ts');
}

/** Every figure behind a verdict, on demand. */
@customElement('fr-result-figures')
export class FrResultFigures extends FieldrayElement {
  static override styles = [
    baseStyles,
    css`
      :host {
        display: block;
      }

      summary {
        display: flex;
        align-items: center;
        min-block-size: var(--touch);
        color: var(--accent);
        font-weight: 600;
        cursor: pointer;
        list-style: none;
        gap: var(--space-2);
      }

      summary::-webkit-details-marker {
        display: none;
      }

      summary svg {
        flex: none;
        transition: transform var(--quick);
      }

      [open] > summary svg {
        transform: rotate(180deg);
      }

      .groups {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--space-5);
        padding-block-start: var(--space-2);
      }

      h3 {
        margin-block-end: var(--space-2);
        color: var(--ink-quiet);
        font-size: var(--text-small);
        font-weight: 600;
      }

      dl {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: var(--space-2) var(--space-4);
        font-size: var(--text-note);
        line-height: 1.4;
      }

      dt {
        color: var(--ink-quiet);
      }

      dd {
        font-variant-numeric: tabular-nums;
        text-align: end;
        overflow-wrap: anywhere;
      }

      fr-data-table {
        display: block;
      }

      fr-bar-list + *,
      dl + fr-data-table,
      fr-data-table + dl {
        margin-block-start: var(--space-3);
      }

      .quiet {
        font-size: var(--text-note);
        line-height: 1.45;
      }

      code {
        font-family: var(--font-mono);
        font-size: var(--text-small);
      }

      @media print {
        /* On paper nothing can be asked for: an answer comes with its figures, model and codes. */
        @supports selector(::details-content) {
          details.answered::details-content {
            content-visibility: visible;
            block-size: auto;
          }

          details.answered > summary {
            display: none;
          }
        }
      }
    `,
  ];

  @property({ attribute: false }) reading!: Reading;
  @property({ attribute: false }) assurance!: Assurance;
  /** Of a photographed film no probability is shown: what it is worth was never measured. */
  @property({ type: Boolean }) film = false;
  /** How many cautions stand here only. */
  @property({ type: Number }) more = 0;

  /** Tables are folded away, so their code comes after the answer: in time for paper, or when they are asked for. */
  override connectedCallback(): void {
    super.connectedCallback();
    setTimeout(loadTables, 1500);
  }

  protected override render(): unknown {
    const { assurance } = this;
    return html`<details
      class=${assurance.refusal ? 'refused' : 'answered'}
      ?open=${wanted && !assurance.refusal}
      @toggle=${(event: Event) => {
        loadTables();
        // Of a refused picture the probabilities are shown when asked for, and only then.
        if (!assurance.refusal) wanted = (event.target as HTMLDetailsElement).open;
      }}
    >
      <summary>${icon('chevron', 18)} <span>${this.summary()}</span></summary>
      <div class="groups">
        ${
          assurance.refusal
            ? html`<p class="quiet">
                ${msg(
                  'The picture was refused. What follows is what the network answered to it, and means nothing for a patient.',
                )}
              </p>`
            : nothing
        }
        ${this.renderProbabilities()} ${this.renderDecisions()} ${this.renderGate()}
        ${this.renderQuality()} ${this.renderEvidence()} ${this.renderStability()}
        ${this.renderReading()}
      </div>
    </details>`;
  }

  private summary(): string {
    if (this.assurance.refusal) return msg('Show the figures all the same');
    if (this.more === 0) return msg('Every figure behind it');
    return this.more === 1
      ? msg('Every figure behind it, and 1 more remark')
      : msg(str`Every figure behind it, and ${this.more} more remarks`);
  }

  private renderProbabilities(): unknown {
    if (this.film) {
      return html`<p class="quiet">
        ${msg('No percentages are shown for a photographed film: how often such answers are right has not been measured.')}
      </p>`;
    }
    const { assessment, labels, priors, uncorrected, sets, fit } = this.assurance;
    return html`<div>
      <h3>
        ${
          priors.applied
            ? msg('Probabilities, corrected for how common each class is here')
            : msg('Calibrated probabilities')
        }
      </h3>
      <fr-bar-list .bars=${barsOf(assessment, labels)}></fr-bar-list>
      ${
        priors.applied
          ? table(
              msg('What the correction changed'),
              [msg('Class'), msg('Before'), msg('After'), msg('How common')],
              labels.map((label, index) => [
                className(label),
                formatProbability(uncorrected[index] ?? 0),
                formatProbability(assessment.probabilities[index] ?? 0),
                formatShare(priors.stated[index] ?? 0),
              ]),
            )
          : nothing
      }
      <dl>
        ${sets.map(
          (set) =>
            html`<dt>${msg(str`${Math.round(100 * set.coverage)} % prediction set`)}</dt>
              <dd>
                ${allOf(set.labels.map(className))}${
                  set.completed ? ` (${msg('none stood out: the first two')})` : nothing
                }
              </dd>`,
        )}
        <dt>${msg('The figures hold for')}</dt>
        <dd>${measuredWords(fit)}</dd>
        <dt>${msg('Lead of the first class')}</dt>
        <dd>${formatShare(assessment.margin)}</dd>
        <dt>${msg('Entropy (0 one class, 1 all alike)')}</dt>
        <dd>${formatNumber(assessment.entropy, 2)}</dd>
      </dl>
    </div>`;
  }

  private renderDecisions(): unknown {
    const { decisions } = this.assurance;
    if (decisions.length === 0) return nothing;
    return html`<div>
      <h3>${msg('This site’s limits')}</h3>
      ${table(
        msg('Where each class stands against the limits set for this site'),
        [msg('Class'), msg('Score'), msg('Refer from'), msg('Not flagged below'), msg('So')],
        decisions.map((decision) => [
          className(decision.label),
          formatNumber(decision.score, 3),
          formatNumber(decision.high, 3),
          formatNumber(decision.low, 3),
          decisionWords(decision.state),
        ]),
      )}
    </div>`;
  }

  private renderGate(): unknown {
    const { gate } = this.assurance;
    if (gate.state === 'unchecked') return nothing;
    return html`<div>
      <h3>${msg('Is it a frontal chest X-ray?')}</h3>
      <dl>
        <dt>${gate.rule === 'joined' ? msg('Score, with the lungs') : msg('Score')}</dt>
        <dd>${formatNumber(gate.score, 2)}</dd>
        <dt>${msg('Refused below')}</dt>
        <dd>${formatNumber(gate.threshold, 2)}</dd>
        ${gate.distances.map(
          (distance, index) =>
            html`<dt>${msg(str`Distance to ${className(gate.groups[index] ?? '')}`)}</dt>
              <dd>${formatNumber(distance, 2)}</dd>`,
        )}
      </dl>
    </div>`;
  }

  private renderQuality(): unknown {
    const { quality, cautions } = this.assurance;
    const others = cautions.filter(({ code }) => !quality.some((finding) => finding.code === code));
    return html`<div>
      <h3>${msg('What speaks against relying on it')}</h3>
      ${
        quality.length + others.length === 0
          ? html`<p class="quiet">${msg('Nothing was found.')}</p>`
          : nothing
      }
      ${
        quality.length > 0
          ? table(
              msg('Findings on the quality of the picture'),
              [msg('Finding'), msg('Measured'), msg('From'), msg('Weight')],
              quality.map((finding) => [
                qualityName(finding.code),
                formatNumber(finding.measured, 2),
                formatNumber(finding.limit, 2),
                severityWords(finding.severity),
              ]),
            )
          : nothing
      }
      ${
        others.length > 0
          ? html`<dl>
              ${others.map(
                ({ code, severity }) =>
                  html`<dt>${severityWords(severity)}</dt>
                    <dd>${cautionWords(code)}</dd>`,
              )}
            </dl>`
          : nothing
      }
    </div>`;
  }

  private renderEvidence(): unknown {
    const { labels, why, lungs } = this.assurance;
    return html`<div>
      <h3>${msg('Where the evidence lies')}</h3>
      <dl>
        <dt>${msg('Lungs')}</dt>
        <dd>${lungWords(lungs)}</dd>
        ${
          lungs.state === 'found'
            ? html`<dt>${msg('Lungs, share of the picture')}</dt>
                <dd>${formatShare(lungs.area)}</dd>`
            : nothing
        }
        ${(why?.insideLungs ?? []).map((inside, index) =>
          inside === null
            ? nothing
            : html`<dt>${msg(str`Inside the lungs, for ${className(labels[index] ?? '')}`)}</dt>
                <dd>${formatShare(inside)}</dd>`,
        )}
      </dl>
    </div>`;
  }

  private renderStability(): unknown {
    const { labels, stability, uncorrected } = this.assurance;
    const [mirrored, shifted] = stability.copies;
    return html`<div>
      <h3>${msg('Test with copies')}</h3>
      <dl>
        <dt>${msg('Outcome')}</dt>
        <dd>${stabilityWords(stability)}</dd>
        ${
          Number.isFinite(stability.difference)
            ? html`<dt>${msg('Largest difference')}</dt>
                <dd>${formatShare(stability.difference)}</dd>`
            : nothing
        }
      </dl>
      ${
        mirrored && shifted
          ? table(
              msg('Probabilities of the picture and of its copies'),
              [msg('Class'), msg('Picture'), msg('Mirrored'), msg('Shifted')],
              labels.map((label, index) => [
                className(label),
                ...[uncorrected, mirrored, shifted].map((shares) =>
                  formatProbability(shares[index] ?? 0),
                ),
              ]),
            )
          : nothing
      }
    </div>`;
  }

  private renderReading(): unknown {
    const { reading, assurance } = this;
    const { picture, timings } = reading;
    const codes = [assurance.refusal, ...assurance.cautions].flatMap((each) => each?.code ?? []);
    const adjusted = adjustmentWords(assurance.adjust);
    return html`<div class="reading">
      <h3>${msg('How it was read')}</h3>
      <dl>
        <dt>${msg('Model')}</dt>
        <dd class="model">${reading.modelId} ${reading.modelVersion}</dd>
        <dt>${msg('Computed by')}</dt>
        <dd>${backendWords(reading.backend)}</dd>
        <dt>${msg('Time')}</dt>
        <dd>${formatMilliseconds(timings.total)}</dd>
        <dt>${msg('Decoding, preparing, network')}</dt>
        <dd>
          ${[timings.decode, timings.preprocess, timings.inference].map(formatMilliseconds).join(', ')}
        </dd>
        <dt>${msg('Picture')}</dt>
        <dd>
          ${msg(
            str`${formatNumber(picture.width)} × ${formatNumber(picture.height)}, ${picture.bitsStored} bit, ${picture.format.toUpperCase()}`,
          )}
        </dd>
        ${
          adjusted
            ? html`<dt>${msg('Changed before reading')}</dt>
                <dd>${adjusted}</dd>`
            : nothing
        }
        ${
          codes.length > 0
            ? html`<dt>${msg('Codes')}</dt>
                <dd><code>${codes.join(' ')}</code></dd>`
            : nothing
        }
      </dl>
    </div>`;
  }
}

function table(
  caption: string,
  columns: readonly string[],
  rows: readonly (readonly Cell[])[],
): unknown {
  return html`<fr-data-table
    captionless
    caption=${caption}
    .columns=${columns}
    .numeric=${columns.map((_, index) => index).slice(1)}
    .rows=${rows}
  ></fr-data-table>`;
}
