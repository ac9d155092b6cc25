/** What happens in a hospital the model has never seen: the first thing a card says, failures first. */
import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import type { Manifest } from '../../model/index.ts';
import { formatNumber, formatShare } from '../../words/format.ts';
import { className } from '../../words/words.ts';
import '../../elements/data-table.ts';

export function renderTravel({ evaluation: { travel, fewLabels } }: Manifest): unknown {
  if (!travel) return nothing;
  const rows = [...travel.rows].sort((a, b) => a.recall - b.recall);
  return html`<section aria-labelledby="travel">
    <h2 id="travel">${msg('In a hospital it has never seen')}</h2>
    <p class="prose">
      ${msg(
        str`Each hospital was left out of the training in turn. On average ${formatShare(travel.mean)} of a class were found; in the worst case ${formatShare(travel.minimum)}.`,
      )}
    </p>
    <p class="prose quiet preserve">${travel.note}</p>
    <fr-data-table
      stacks
      caption=${msg('Each class in each hospital, the worst first')}
      .columns=${[
        msg('Class'),
        msg('Hospital'),
        msg('Pictures'),
        msg('Found (recall)'),
        msg('Called sure'),
        msg('Sure and right'),
        msg('Right class named (90 % sets)'),
        msg('Classes named'),
        msg('Run'),
      ]}
      .rows=${rows.map((row) => [
        className(row.class),
        row.hospital,
        formatNumber(row.pictures),
        formatShare(row.recall),
        formatShare(row.sure),
        row.sureRight === null ? '–' : formatShare(row.sureRight),
        formatShare(row.coverage90),
        formatNumber(row.setSize90, 2),
        row.run === 'full' ? msg('Full') : msg('Small'),
      ])}
      .numeric=${[2, 3, 4, 5, 6, 7]}
    ></fr-data-table>
    ${fewLabels && fewLabels.rows.length > 0 ? renderFewLabels(fewLabels) : nothing}
  </section>`;
}

function renderFewLabels({
  note,
  rows,
}: NonNullable<Manifest['evaluation']['fewLabels']>): unknown {
  const shareOf = (value: number | null): string => (value === null ? '–' : formatShare(value));
  return html`<h3>${msg('Adapted with a few labelled pictures')}</h3>
    <p class="prose quiet preserve">${note}</p>
    <fr-data-table
      stacks
      caption=${msg('Before and after, in a hospital that was left out')}
      .columns=${[
        msg('Pictures a class'),
        msg('Hospital'),
        msg('Right before'),
        msg('Right after'),
        msg('Sure and right before'),
        msg('Sure and right after'),
      ]}
      .rows=${rows.map(({ labels, hospital, before, after }) => [
        formatNumber(labels),
        hospital,
        formatShare(before.accuracy),
        formatShare(after.accuracy),
        shareOf(before.sureRight),
        shareOf(after.sureRight),
      ])}
      .numeric=${[0, 2, 3, 4, 5]}
    ></fr-data-table>`;
}
