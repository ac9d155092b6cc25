import { msg, str } from '@lit/localize';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { FieldrayElement } from '../../elements/base.ts';
import { formatNumber, formatShare } from '../../words/format.ts';
import { baseStyles, buttonStyles, pageStyles } from '../../elements/styles.ts';
import { classificationReport } from '../../evaluation/index.ts';
import type { GroupFigures, Manifest } from '../../model/index.ts';
import { renderCurves } from '../../elements/training-curves.ts';
import { className } from '../../words/words.ts';
import { renderReport } from './report-table.ts';
import { evaluationStyles } from './styles.ts';
import { areaWithInterval, intervalOf } from '../../words/evaluation-words.ts';
import '../../elements/confusion-matrix.ts';
import '../../elements/data-table.ts';
import '../../elements/line-chart.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-shipped-study': FrShippedStudy;
  }
}

/** The study that came with the model, from its manifest alone: how it was trained, how it did. */
@customElement('fr-shipped-study')
export class FrShippedStudy extends FieldrayElement {
  static override styles = [
    baseStyles,
    buttonStyles,
    pageStyles,
    evaluationStyles,
    css`
      label {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2) var(--space-3);
        align-items: center;
        color: var(--ink-quiet);
        font-size: var(--text-note);
      }
    `,
  ];

  @property({ attribute: false }) manifest!: Manifest;
  @state() private chosen = 0;

  protected override render(): unknown {
    const { groups } = this.manifest.evaluation;
    const group = groups[this.chosen] ?? groups[0];
    return html`<section aria-labelledby="shipped">
        <h2 id="shipped">${msg('What it did where it was made')}</h2>
        <p class="prose quiet">
          ${msg(
            str`Figures of ${this.manifest.id} ${this.manifest.version} on pictures held back from its training. At another site they may be worse: only your own labelled folder tells.`,
          )}
        </p>
        <label>
          ${msg('Held-out pictures')}
          <select
            @change=${(event: Event) => {
              this.chosen = (event.target as HTMLSelectElement).selectedIndex;
            }}
          >
            ${groups.map(
              ({ name, images }, at) =>
                html`<option ?selected=${at === this.chosen}>
                  ${name} (${formatNumber(images)})
                </option>`,
            )}
          </select>
        </label>
        ${group ? this.renderGroup(group) : nothing}
      </section>
      ${renderCurves(this.manifest)}`;
  }

  private renderGroup(group: GroupFigures): unknown {
    const { labels } = this.manifest;
    return html`<dl class="tiles">
        ${tile(msg('Accuracy'), formatShare(group.accuracy))}
        ${group.macroF1 === undefined ? nothing : tile(msg('Macro F1'), formatShare(group.macroF1))}
        ${
          group.macroAuc
            ? tile(
                msg('Macro AUC'),
                formatNumber(group.macroAuc.value, 3),
                intervalOf(group.macroAuc, true),
              )
            : nothing
        }
        ${
          group.calibrationError === undefined
            ? nothing
            : tile(msg('Calibration error'), formatShare(group.calibrationError))
        }
        ${tile(msg('Pictures'), formatNumber(group.images))}
      </dl>
      ${group.note ? html`<p class="prose quiet preserve">${group.note}</p>` : nothing}
      <div class="pair">
        ${
          group.confusion
            ? html`${renderReport(
                  classificationReport(group.confusion),
                  labels,
                  msg(str`Classification report: ${group.name}`),
                )}
                <fr-confusion-matrix
                  caption=${msg(str`Confusion matrix: ${group.name}`)}
                  .labels=${labels.map(className)}
                  .counts=${group.confusion}
                ></fr-confusion-matrix>`
            : nothing
        }
      </div>
      ${this.renderAreas(group)}`;
  }

  private renderAreas({ auc, name }: GroupFigures): unknown {
    if (!auc) return nothing;
    return html`<fr-data-table
      caption=${msg(str`Area under ROC, each class against the others: ${name}. In brackets: 95 % interval.`)}
      .columns=${[msg('Class'), msg('AUC')]}
      .numeric=${[1]}
      .rows=${this.manifest.labels.flatMap((label) => {
        const figure = auc[label];
        return figure ? [[className(label), areaWithInterval(figure)]] : [];
      })}
    ></fr-data-table>`;
  }
}

export function tile(name: string, value: string, note = ''): unknown {
  return html`<div>
    <dt>${name}</dt>
    <dd>${value}${note ? html`<small>${note}</small>` : nothing}</dd>
  </div>`;
}
