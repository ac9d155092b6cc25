/** Section 5: lung masks, how many there are, where they lie, and what they are for. */
import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import type { MaskFacts } from '../../../dataset/index.ts';
import { formatNumber, formatShare } from '../../../words/format.ts';
import { className } from '../../../words/words.ts';
import { networkPicture } from '../network-picture.ts';
import { section } from '../section.ts';
import { labelWords, type InsightsView, type LiveView } from '../view.ts';
import { scanInvitation } from './invitation.ts';
import '../item-picture.ts';

const EXAMPLES = 2;

export function masksSection(view: InsightsView): unknown {
  const { live, labels, dataset } = view;
  const shipped = new Map(dataset.PUBLISHED.classes.map(({ label, masks }) => [label, masks]));
  return section(
    5,
    msg('Lung masks'),
    html`<p class="prose">
        ${msg('Published: every picture has a mask of its lungs.')}
        ${live ? maskWords(live) : nothing}
      </p>
      <div class="charts">
        <fr-bar-chart
          class="card"
          caption=${msg('Pictures with a lung mask')}
          category-label=${msg('Class')}
          .categories=${labelWords(labels)}
          .series=${[
            {
              name: msg('Published'),
              quiet: live !== null,
              values: labels.map((label) => shipped.get(label) ?? null),
            },
            ...(live
              ? [
                  {
                    name: msg('This folder'),
                    values: labels.map((label) => live.masks.get(label) ?? null),
                  },
                ]
              : []),
          ]}
        ></fr-bar-chart>
        ${live ? liveMasks(view, live) : nothing}
      </div>
      ${live ? examples(live) : nothing}
      <h3>${msg('How a mask meets the model')}</h3>
      <p class="prose">
        ${msg(
          'A mask has two uses. Before the model it can crop or weight the picture, so that lettering and borders cannot be learned. After the model it checks the answer: how much of the evidence lies inside the lungs. Fieldray uses the second; a mask that is wrong then costs a warning and not an answer.',
        )}
      </p>
      <div class="card">${networkPicture()}</div>`,
  );
}

function maskWords({ folder, masks, result }: LiveView): string {
  const some = [...masks.values()].reduce((sum, count) => sum + count, 0);
  const stray = [...folder.strayMasks.values()].reduce((sum, count) => sum + count, 0);
  const broken = result.facts.filter((each) => each?.maskFault).length;
  return [
    msg(
      str`This folder: ${formatNumber(some)} of ${formatNumber(folder.items.length)} pictures have one.`,
    ),
    ...(stray > 0 ? [msg(str`${formatNumber(stray)} masks belong to no picture.`)] : []),
    ...(broken > 0 ? [msg(str`${formatNumber(broken)} masks cannot be read.`)] : []),
  ].join(' ');
}

function liveMasks({ dataset }: InsightsView, live: LiveView): unknown {
  const { folder, result, masks, scanned } = live;
  if ([...masks.values()].every((count) => count === 0)) return nothing;
  if (!scanned) return scanInvitation();
  const rows = folder.labels.flatMap((label) => {
    const found = result.facts.flatMap((each, at) =>
      each?.mask && folder.items[at]?.label === label ? [each.mask] : [],
    );
    return found.length > 0 ? [rowOf(label, found)] : [];
  });
  if (rows.length === 0) return nothing;
  const pictures = folder.labels.flatMap((label) => {
    const sums = result.sums.get(label);
    if (!sums || sums.masks === 0) return [];
    const values = dataset.meanOf(sums.mask, sums.masks);
    return [{ name: className(label), side: dataset.MASK_SIDE, values }];
  });
  return html`<fr-gray-chart
      class="card"
      caption=${msg('How often each place lies inside the mask')}
      value-label=${msg('share inside')}
      .pictures=${pictures}
    ></fr-gray-chart>
    <div class="card whole">
      <fr-data-table
        caption=${msg('Masks by class: mean (standard deviation), in shares of the picture')}
        .columns=${[
          msg('Class'),
          msg('Masks'),
          msg('Area'),
          msg('Center, from the left'),
          msg('Center, from the top'),
          msg('Width'),
          msg('Height'),
        ]}
        .numeric=${[1, 2, 3, 4, 5, 6]}
        .rows=${rows}
      ></fr-data-table>
    </div>`;
}

function rowOf(label: string, masks: readonly MaskFacts[]): (string | number)[] {
  const both = (valueOf: (mask: MaskFacts) => number): string => {
    const values = masks.map(valueOf);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    return `${formatShare(mean)} (${formatShare(Math.sqrt(square))})`;
  };
  return [
    className(label),
    masks.length,
    both(({ area }) => area),
    both(({ centerX }) => centerX),
    both(({ centerY }) => centerY),
    both(({ left, right }) => right - left),
    both(({ top, bottom }) => bottom - top),
  ];
}

/** The first of each class that have a mask. */
function examples({ folder, run }: LiveView): unknown {
  const chosen = folder.labels.flatMap((label) =>
    folder.items.filter((item) => item.label === label && item.mask).slice(0, EXAMPLES),
  );
  if (chosen.length === 0) return nothing;
  return html`<h3>${msg('Examples with the outline of their mask')}</h3>
    <ul class="gallery">
      ${chosen.map(
        (item) =>
          html`<li>
            <fr-item-picture
              outlined
              .item=${item}
              .show=${run.show}
              label=${msg(str`${className(item.label)}, with the outline of its lung mask`)}
            ></fr-item-picture>
            <span>${className(item.label)}</span>
          </li>`,
      )}
    </ul>`;
}
