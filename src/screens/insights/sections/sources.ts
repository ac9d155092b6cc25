/** Sections 6, 8 and 9: the collections that the pictures of a class came from. */
import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import { formatNumber, formatShare } from '../../../words/format.ts';
import { className } from '../../../words/words.ts';
import { section } from '../section.ts';
import type { InsightsView } from '../view.ts';

/** Bars beyond these are counted together. */
const MOST_BARS = 12;

export function sourcesSection(view: InsightsView, number: number, label: string): unknown {
  const { dataset, live, published } = view;
  const shipped = dataset.PUBLISHED.sources[label] ?? [];
  const total = published.get(label) ?? 0;
  const named = shipped.reduce((sum, { images }) => sum + images, 0);
  const found = live ? dataset.countOrigins(live.folder.items, label) : [];
  const ofFolder = live?.counts.get(label) ?? 0;
  const unknown = found.find(([origin]) => origin === null)?.[1] ?? 0;
  const known = found.filter(([origin]) => origin !== null);
  return section(
    number,
    msg(str`Sources of the pictures of ${className(label)}`),
    html`<p class="prose">${publishedWords(shipped, total, named)}</p>
      ${live ? html`<p class="prose">${folderWords(ofFolder, known.length, unknown)}</p>` : nothing}
      <div class="charts">
        <fr-bar-chart
          class="card"
          caption=${msg(str`${className(label)}, published sources`)}
          category-label=${msg('Source')}
          .categories=${shipped.map(({ name }) => name)}
          .series=${[
            {
              name: msg('Published'),
              quiet: known.length > 0,
              values: shipped.map(({ images }) => images),
            },
          ]}
        ></fr-bar-chart>
        ${
          known.length > 0
            ? html`<fr-bar-chart
                class="card"
                caption=${msg(str`${className(label)}, sources in this folder`)}
                category-label=${msg('Source')}
                .categories=${[
                  ...known.slice(0, MOST_BARS).map(([origin]) => origin ?? ''),
                  ...(known.length > MOST_BARS ? [msg('All others')] : []),
                ]}
                .series=${[
                  {
                    name: msg('This folder'),
                    values: [
                      ...known.slice(0, MOST_BARS).map(([, count]) => count),
                      ...(known.length > MOST_BARS
                        ? [known.slice(MOST_BARS).reduce((sum, [, count]) => sum + count, 0)]
                        : []),
                    ],
                  },
                ]}
              ></fr-bar-chart>`
            : nothing
        }
      </div>`,
  );
}

function publishedWords(
  shipped: readonly { readonly name: string; readonly images: number }[],
  total: number,
  named: number,
): string {
  const [first] = shipped;
  if (!first) return msg('The published database does not have this class.');
  const lead =
    first.images === total
      ? msg(
          str`Published: all ${formatNumber(total)} pictures came from one source, ${first.name}.`,
        )
      : msg(
          str`Published: ${first.name} gave ${formatNumber(first.images)} of ${formatNumber(total)} pictures (${formatShare(first.images / total)}).`,
        );
  const left = total - named;
  return left > 0
    ? `${lead} ${msg(str`The figures of its sources sum to ${formatNumber(named)}, ${formatNumber(left)} fewer than the class has; the README does not say why.`)}`
    : lead;
}

function folderWords(count: number, sources: number, unknown: number): string {
  if (count === 0) return msg('This folder does not have this class.');
  if (sources === 0) {
    return msg(
      'This folder: no metadata sheet says where these pictures came from (column URL). Put the sheets beside the class folders to see it.',
    );
  }
  const words = msg(
    str`This folder: ${formatNumber(count)} pictures; sources named: ${formatNumber(sources)}.`,
  );
  return unknown > 0
    ? `${words} ${msg(str`Of ${formatNumber(unknown)} the sheets say nothing.`)}`
    : words;
}
