import { msg } from '@lit/localize';
import { html, nothing } from 'lit';
import type { Cell } from '../../elements/data-table.ts';
import type { Manifest } from '../../model/index.ts';
import { className } from '../../words/words.ts';

/** Pictures by class, origin and split: one row a class and origin, one column a split. */
export function renderCounts(manifest: Manifest): unknown {
  const { counts } = manifest.card;
  if (counts.length === 0) return nothing;
  const splits = [...new Set(counts.map((entry) => entry.split))];
  const keys = [...new Set(counts.map((entry) => JSON.stringify([entry.label, entry.origin])))];
  const rows = keys.map((key): Cell[] => {
    const [label = '', origin = ''] = JSON.parse(key) as string[];
    const bySplit = splits.map((split) =>
      counts
        .filter(
          (entry) => entry.label === label && entry.origin === origin && entry.split === split,
        )
        .reduce((sum, entry) => sum + entry.images, 0),
    );
    return [className(label), origin, ...bySplit];
  });
  return html`<section aria-labelledby="counts">
    <h2 id="counts">${msg('Pictures it learned from')}</h2>
    <fr-data-table
      captionless
      caption=${msg('Pictures by class, origin and split')}
      .columns=${[msg('Class'), msg('Origin'), ...splits]}
      .rows=${rows}
    ></fr-data-table>
  </section>`;
}
