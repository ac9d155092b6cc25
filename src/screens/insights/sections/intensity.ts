/** Section 11: how bright the pictures of each class are, and what their mean looks like. */
import { msg } from '@lit/localize';
import { html } from 'lit';
import { className } from '../../../words/words.ts';
import { section } from '../section.ts';
import type { InsightsView, LiveView } from '../view.ts';
import { scanInvitation } from './invitation.ts';

export function intensitySection(view: InsightsView, live: LiveView): unknown {
  return section(
    11,
    msg('Brightness and mean picture'),
    html`<p class="prose">
        ${msg(
          'Classes that differ here differ by how they were taken, not by disease: a model can tell them apart without looking at a lung.',
        )}
      </p>
      ${live.scanned ? charts(view, live) : scanInvitation()}`,
  );
}

function charts({ dataset }: InsightsView, { folder, result }: LiveView): unknown {
  const bins = dataset.HISTOGRAM_BINS;
  const sums = folder.labels.flatMap((label) => {
    const each = result.sums.get(label);
    return each && each.pictures > 0 ? [each] : [];
  });
  return html`<div class="charts">
    <fr-line-chart
      class="card"
      caption=${msg('Share of pixels by brightness, mean of each class')}
      x-label=${msg('Brightness, % of white')}
      .x=${Array.from({ length: bins }, (_, bin) => Math.round((1000 * (bin + 0.5)) / bins) / 10)}
      .series=${sums.map((each) => ({
        name: className(each.label),
        tone: folder.labels.indexOf(each.label),
        values: Array.from(each.histogram, (sum) => sum / each.pictures),
      }))}
    ></fr-line-chart>
    <fr-gray-chart
      class="card"
      caption=${msg('Mean picture of each class')}
      value-label=${msg('brightness')}
      .pictures=${sums.map((each) => ({
        name: className(each.label),
        side: dataset.MEAN_SIDE,
        values: dataset.meanOf(each.picture, each.pictures),
      }))}
    ></fr-gray-chart>
  </div>`;
}
