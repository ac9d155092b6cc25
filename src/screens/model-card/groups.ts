import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import { formatNumber, formatShare } from '../../words/format.ts';
import type { GroupFigures, Manifest } from '../../model/index.ts';
import { className } from '../../words/words.ts';

/** Figures on pictures held back from training: all sets side by side, then each one in full. */
export function renderGroups(manifest: Manifest): unknown {
  const { groups } = manifest.evaluation;
  return html`<section aria-labelledby="figures">
    <h2 id="figures">${msg('How well it did')}</h2>
    <div class="stack">
      <fr-data-table
        caption=${msg('Sets of pictures the model never saw. In brackets: 95 % interval.')}
        .columns=${[
          msg('Set'),
          msg('Pictures'),
          msg('Accuracy'),
          msg('Macro F1'),
          msg('Macro AUC'),
          msg('Calibration error'),
        ]}
        .numeric=${[1, 2, 3, 4, 5]}
        .rows=${groups.map((group) => [
          group.name,
          formatNumber(group.images),
          formatShare(group.accuracy),
          shareOrDash(group.macroF1),
          group.macroAuc ? interval(group.macroAuc) : '–',
          shareOrDash(group.calibrationError),
        ])}
      ></fr-data-table>
      ${groups.map((group, index) => renderGroup(group, manifest.labels, index === 0))}
    </div>
  </section>`;
}

function renderGroup(group: GroupFigures, labels: readonly string[], open: boolean): unknown {
  if (!group.perClass && !group.confusion && !group.auc && !group.note) return nothing;
  return html`<details ?open=${open}>
    <summary>${msg(str`${group.name} in full`)}</summary>
    <div class="stack">
      ${group.note ? html`<p class="prose quiet preserve">${group.note}</p>` : nothing}
      <div class="pair">
        ${group.perClass ? renderPerClass(group, labels) : nothing}
        ${
          group.confusion
            ? html`<fr-confusion-matrix
                caption=${msg(str`Confusion matrix: ${group.name}`)}
                .labels=${labels.map(className)}
                .counts=${group.confusion}
              ></fr-confusion-matrix>`
            : nothing
        }
      </div>
    </div>
  </details>`;
}

function renderPerClass(group: GroupFigures, labels: readonly string[]): unknown {
  const rows = labels.flatMap((label) => {
    const figures = group.perClass?.[label];
    if (!figures) return [];
    const auc = group.auc?.[label];
    return [
      [
        className(label),
        formatShare(figures.precision),
        formatShare(figures.recall),
        formatShare(figures.f1),
        auc ? interval(auc) : '–',
        formatNumber(figures.support),
      ],
    ];
  });
  return html`<fr-data-table
    caption=${msg(str`By class: ${group.name}`)}
    .columns=${[
      msg('Class'),
      msg('Precision'),
      msg('Recall'),
      msg('F1'),
      msg('AUC'),
      msg('Pictures'),
    ]}
    .numeric=${[1, 2, 3, 4, 5]}
    .rows=${rows}
  ></fr-data-table>`;
}

function shareOrDash(share: number | undefined): string {
  return share === undefined ? '–' : formatShare(share);
}

function interval(figure: { value: number; low: number; high: number }): string {
  return `${formatNumber(figure.value, 3)} (${formatNumber(figure.low, 3)}–${formatNumber(figure.high, 3)})`;
}
