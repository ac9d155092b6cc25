import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { AdaptedManifest } from '../../adaptation/index.ts';
import { FieldrayElement } from '../../elements/base.ts';
import { formatNumber, formatShare } from '../../elements/format.ts';
import { baseStyles, buttonStyles, pageStyles } from '../../elements/styles.ts';
import { className } from '../words.ts';
import { adaptationStyles } from './adaptation-styles.ts';
import { comparisonWords, noteWords, optimismWords, picturesWords } from './adaptation-words.ts';
import { renderCurves } from './train-progress.ts';
import '../../elements/confusion-matrix.ts';
import '../../elements/data-table.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-adapted-result': FrAdaptedResult;
  }
}

/** What is known of one adapted model: figures beside the delivered one's, what is missing, the way there. */
@customElement('fr-adapted-result')
export class FrAdaptedResult extends FieldrayElement {
  static override styles = [baseStyles, buttonStyles, pageStyles, adaptationStyles];

  @property({ attribute: false }) model!: AdaptedManifest;

  protected override render(): unknown {
    const { model } = this;
    const { adapted, comparison } = model.evaluation;
    const delivered = (label: string): string => {
      const place = comparison?.labels.indexOf(label) ?? -1;
      const figures = comparison?.installed.perClass[place];
      return figures ? formatShare(figures.recall) : '–';
    };
    return html`<p>${comparisonWords(model.evaluation)}</p>
      <p class="note">${picturesWords(model)}. ${optimismWords()}</p>
      ${model.notes.map((note) => html`<p class="note">${noteWords(note)}</p>`)}
      <fr-data-table
        caption=${msg('By class, on the validation pictures')}
        .columns=${[
          msg('Class'),
          msg('Pictures'),
          msg('Found'),
          msg('Found by the delivered one'),
          msg('Precision'),
          msg('F1'),
        ]}
        .rows=${[
          ...model.labels.map((label, at) => {
            const figures = adapted.perClass[at];
            return [
              className(label),
              formatNumber(figures?.support ?? 0),
              formatShare(figures?.recall ?? 0),
              delivered(label),
              formatShare(figures?.precision ?? 0),
              formatNumber(figures?.f1 ?? 0, 3),
            ];
          }),
          [
            msg('All (accuracy, macro F1)'),
            formatNumber(adapted.pictures),
            formatShare(adapted.accuracy),
            comparison ? formatShare(comparison.installed.accuracy) : '–',
            '',
            formatNumber(adapted.macroF1, 3),
          ],
        ]}
        .numeric=${[1, 2, 3, 4, 5]}
      ></fr-data-table>
      <fr-confusion-matrix
        caption=${msg('Adapted model: true class (rows) and answer (columns)')}
        .labels=${model.labels.map(className)}
        .counts=${adapted.confusion}
      ></fr-confusion-matrix>
      ${renderCurves(model.log, model.keptEpoch)}
      <p class="note">
        ${msg(
          str`Epoch ${model.keptEpoch} of ${model.log.length} kept, temperature ${formatNumber(model.temperature, 2)}, made on ${model.base.id} ${model.base.version} with ${model.madeWith.backend}.`,
        )}
        ${
          model.tuned
            ? msg(
                str`The network itself was trained further from block ${model.tuned.from.slice(1)} on.`,
              )
            : nothing
        }
      </p>`;
  }
}
