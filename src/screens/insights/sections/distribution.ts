/** Sections 1 to 3: how many pictures each class has, COVID among them, the largest class. */
import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import { formatNumber, formatShare } from '../../../words/format.ts';
import { className } from '../../../words/words.ts';
import { section } from '../section.ts';
import { collections, labelWords, type InsightsView, type NamedCounts } from '../view.ts';

const COVID = 'COVID';

export function distributionSection(view: InsightsView): unknown {
  const sets = collections(view);
  const words = labelWords(view.labels);
  return section(
    1,
    msg('Distribution'),
    html`<p class="prose">
        ${sets
          .map(({ name, counts }) =>
            msg(
              str`${name}: ${formatNumber(view.dataset.totalOf(counts))} pictures in ${counts.size} classes.`,
            ),
          )
          .join(' ')}
      </p>
      <div class="charts">
        <fr-bar-chart
          class="card"
          caption=${msg('Pictures by class')}
          category-label=${msg('Class')}
          .categories=${words}
          .series=${sets.map(({ name, counts, quiet }) => ({
            name,
            quiet,
            values: view.labels.map((label) => counts.get(label) ?? null),
          }))}
          ?toned=${sets.length === 1}
        ></fr-bar-chart>
        ${sets.map(
          ({ name, counts }) =>
            html`<fr-donut-chart
              class="card"
              caption=${msg(str`Shares of the classes: ${name}`)}
              whole-label=${msg('pictures')}
              part-label=${msg('Class')}
              value-label=${msg('Pictures')}
              .parts=${view.labels.map((label, at) => ({
                label: words[at] ?? label,
                value: counts.get(label) ?? 0,
              }))}
            ></fr-donut-chart>`,
        )}
      </div>`,
  );
}

export function covidSection(view: InsightsView): unknown {
  const sets = collections(view).filter(({ counts }) => (counts.get(COVID) ?? 0) > 0);
  return section(
    2,
    msg('COVID-19 against the rest'),
    html`${
        sets.length === 0
          ? html`<p class="prose">${msg('This folder has no class named COVID.')}</p>`
          : html`<p class="prose">${sets.map((set) => covidWords(view, set)).join(' ')}</p>`
      }
      <div class="charts">
        ${sets.map(({ name, counts }) => {
          const covid = counts.get(COVID) ?? 0;
          const total = view.dataset.totalOf(counts);
          return html`<fr-donut-chart
            class="card"
            caption=${msg(str`COVID-19 and the rest: ${name}`)}
            figure=${formatShare(covid / total)}
            whole-label=${className(COVID)}
            part-label=${msg('Class')}
            value-label=${msg('Pictures')}
            .parts=${[
              { label: className(COVID), value: covid },
              { label: msg('All others'), value: total - covid, quiet: true },
            ]}
          ></fr-donut-chart>`;
        })}
        <fr-bar-chart
          class="card"
          caption=${msg('Imbalance: pictures of the largest class for each one of this')}
          category-label=${msg('Class')}
          unit="factor"
          .categories=${labelWords(view.labels)}
          .series=${collections(view).map(({ name, counts, quiet }) => {
            const balance = view.dataset.balanceOf(counts);
            return {
              name,
              quiet,
              values: view.labels.map(
                (label) => balance.find((each) => each.label === label)?.imbalance ?? null,
              ),
            };
          })}
        ></fr-bar-chart>
      </div>`,
  );
}

function covidWords({ dataset }: InsightsView, { name, counts }: NamedCounts): string {
  const covid = counts.get(COVID) ?? 0;
  const total = dataset.totalOf(counts);
  const ratio = formatNumber((total - covid) / covid, 1);
  return msg(
    str`${name}: ${formatNumber(covid)} of ${formatNumber(total)} pictures are COVID-19 (${formatShare(covid / total)}), so there are ${ratio} others for each.`,
  );
}

export function largestSection(view: InsightsView): unknown {
  const sets = collections(view);
  return section(
    3,
    msg('The largest class, and what the balance means for training'),
    html`<p class="prose">${sets.map((set) => largestWords(view, set)).join(' ')}</p>
      <div class="charts wide">
        <fr-dominance-chart
          class="card"
          caption=${msg('Dominance of the largest class')}
          kind-label=${msg('Class')}
          .kinds=${labelWords(view.labels)}
          .rows=${sets.map(({ name, counts }) => ({
            name,
            values: view.labels.map((label) => counts.get(label) ?? 0),
          }))}
        ></fr-dominance-chart>
        ${sets.map((set) => considerations(view, set))}
      </div>`,
  );
}

function largestWords({ dataset }: InsightsView, { name, counts }: NamedCounts): string {
  const extremes = dataset.extremesOf(counts);
  if (!extremes) return '';
  const { label, count, share } = extremes.largest;
  return msg(
    str`${name}: ${className(label)} with ${formatNumber(count)} pictures, ${formatShare(share)}. A model that always answered “${className(label)}” would be right that often and be of no use.`,
  );
}

function considerations({ dataset }: InsightsView, { name, counts }: NamedCounts): unknown {
  const balance = dataset.balanceOf(counts);
  if (balance.length === 0) return nothing;
  const factor = (value: number): string => `× ${formatNumber(value, 1)}`;
  return html`<fr-heat-chart
    class="card"
    caption=${msg(str`Considerations for training: ${name}`)}
    row-label=${msg('Class')}
    .rows=${labelWords(balance.map(({ label }) => label))}
    .columns=${[
      { name: msg('Share'), values: balance.map(({ share }) => share), show: formatShare },
      { name: msg('Imbalance'), values: balance.map(({ imbalance }) => imbalance), show: factor },
      {
        name: msg('Class weight'),
        values: balance.map(({ weight }) => weight),
        show: (value: number) => formatNumber(value, 2),
      },
      {
        name: msg('Copies to balance'),
        values: balance.map((each) => each.augmentation),
        show: factor,
      },
      {
        name: msg('In a 15 % test'),
        values: balance.map(({ testSupport }) => testSupport),
        show: (value: number) => formatNumber(value),
      },
    ]}
  ></fr-heat-chart>`;
}
