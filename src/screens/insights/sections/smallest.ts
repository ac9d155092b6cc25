/** Section 4: the smallest class, held against the others, and what augmentation would do. */
import { msg, str } from '@lit/localize';
import { html } from 'lit';
import { formatNumber, formatShare } from '../../../words/format.ts';
import { className } from '../../../words/words.ts';
import { section } from '../section.ts';
import { collections, labelWords, type InsightsView, type NamedCounts } from '../view.ts';
import '../augmentation-panel.ts';

export function smallestSection(view: InsightsView): unknown {
  const sets = collections(view);
  return section(
    4,
    msg('The smallest class'),
    html`<p class="prose">${sets.map((set) => smallestWords(view, set)).join(' ')}</p>
      <div class="charts">
        <fr-bar-chart
          class="card"
          caption=${msg('Shares compared')}
          category-label=${msg('Class')}
          unit="share"
          .categories=${labelWords(view.labels)}
          .series=${sets.map(({ name, counts, quiet }) => {
            const total = view.dataset.totalOf(counts);
            return {
              name,
              quiet,
              values: view.labels.map((label) => {
                const count = counts.get(label);
                return count === undefined ? null : count / total;
              }),
            };
          })}
        ></fr-bar-chart>
        <fr-augmentation-panel class="card" .view=${view}></fr-augmentation-panel>
      </div>`,
  );
}

function smallestWords({ dataset }: InsightsView, { name, counts }: NamedCounts): string {
  const extremes = dataset.extremesOf(counts);
  if (!extremes) return '';
  const { label, count, share, testSupport } = extremes.smallest;
  return msg(
    str`${name}: ${className(label)} with ${formatNumber(count)} pictures, ${formatShare(share)}; a 15 % test would hold ${formatNumber(testSupport)} of them, so that one error moves its recall by ${formatNumber(100 / Math.max(1, testSupport), 2)} points.`,
  );
}
