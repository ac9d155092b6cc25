import { msg, str } from '@lit/localize';
import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { AdaptedManifest } from '../../adaptation/index.ts';
import { FieldrayElement } from '../../elements/base.ts';
import { formatNumber, formatShare } from '../../words/format.ts';
import { baseStyles, buttonStyles, pageStyles } from '../../elements/styles.ts';
import { className } from '../../words/words.ts';
import { adaptationStyles } from './adaptation-styles.ts';
import {
  comparisonWords,
  noteWords,
  optimismWords,
  picturesWords,
} from '../../words/adaptation-words.ts';
import { renderCurves } from './train-progress.ts';
import '../../elements/confusion-matrix.ts';
import '../../elements/data-table.ts';
import '../../elements/notice.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-adapted-result': FrAdaptedResult;
  }
}

/**
 * What is known of one adapted model: figures beside the delivered one's, what is missing, the way there.
 * @slot actions - what can be done with it, below the verdict
 */
@customElement('fr-adapted-result')
export class FrAdaptedResult extends FieldrayElement {
  static override styles = [
    baseStyles,
    buttonStyles,
    pageStyles,
    adaptationStyles,
    css`
      ul {
        padding-inline-start: 1.25em;
      }
    `,
  ];

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
      <slot name="actions"></slot>
      <p class="note">${picturesWords(model)}. ${optimismWords()}</p>
      ${
        model.notes.length > 0
          ? html`<fr-notice tone="caution" heading=${msg('What to know about this model')}>
              <ul>
                ${model.notes.map((note) => html`<li>${noteWords(note)}</li>`)}
              </ul>
            </fr-notice>`
          : nothing
      }
      <fr-data-table
        stacks
        caption=${msg('How much of each class was found (recall), on the validation pictures')}
        .columns=${[
          msg('Class'),
          msg('Pictures'),
          msg('Adapted'),
          msg('Delivered'),
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
            // Of fewer pictures it would be another figure: the words above have the like for like.
            comparison?.installed.pictures === adapted.pictures
              ? formatShare(comparison.installed.accuracy)
              : '–',
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
