/** Section 7: what the files are, and what the model makes of them. */
import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import type { PictureFacts } from '../../../dataset/index.ts';
import { formatBytes, formatNumber } from '../../../words/format.ts';
import { section } from '../section.ts';
import { labelWords, type InsightsView, type LiveView } from '../view.ts';
import { scanInvitation } from './invitation.ts';

const MOST_SIZES = 8;

export function formatSection(view: InsightsView): unknown {
  const { format, maskSize } = view.dataset.PUBLISHED;
  return section(
    7,
    msg('Format and resolution'),
    html`<p class="prose">
        ${msg(
          str`Published: ${format.name}, ${format.width} × ${format.height} pixels, ${format.bits} bits, ${format.color}; masks of ${maskSize.width} × ${maskSize.height}. The model takes 224 × 224: each picture is averaged down to it, squashed to a square, and its three equal channels count as one.`,
        )}
      </p>
      ${view.live ? liveFormats(view, view.live) : nothing}`,
  );
}

function liveFormats({ dataset }: InsightsView, live: LiveView): unknown {
  if (!live.scanned) return scanInvitation();
  const facts = live.result.facts.filter((each) => each !== null);
  const table = (
    caption: string,
    head: string,
    valueOf: (each: PictureFacts) => string,
  ): unknown => {
    const counts = dataset.countEach(facts, valueOf);
    const shown = counts.slice(0, MOST_SIZES);
    const rest = counts.slice(MOST_SIZES).reduce((sum, [, count]) => sum + count, 0);
    return html`<fr-bar-chart
      class="card"
      caption=${caption}
      category-label=${head}
      .categories=${[...shown.map(([value]) => value), ...(rest > 0 ? [msg('All others')] : [])]}
      .series=${[
        {
          name: msg('This folder'),
          values: [...shown.map(([, count]) => count), ...(rest > 0 ? [rest] : [])],
        },
      ]}
    ></fr-bar-chart>`;
  };
  const bytes = facts.reduce((sum, each) => sum + each.bytes, 0);
  return html`<p class="prose">
      ${msg(
        str`This folder, ${formatNumber(facts.length)} pictures looked at: ${formatBytes(bytes / Math.max(1, facts.length))} a file on average.`,
      )}
    </p>
    <div class="charts">
      ${table(msg('Formats'), msg('Format'), ({ format }) => format.toUpperCase())}
      ${table(msg('Sizes in pixels'), msg('Size'), ({ width, height }) => `${width} × ${height}`)}
      ${table(msg('Bits a sample'), msg('Bits'), ({ bits }) => msg(str`${bits} bits`))}
      ${table(msg('Color channels'), msg('Channels'), channelWords)} ${sizeChart(live)}
    </div>`;
}

function channelWords({ channels, colored }: PictureFacts): string {
  if (colored) return msg('Color');
  if (channels === null) return msg('Not told by the file');
  if (channels === 1) return msg('Grey, 1 channel');
  if (channels === 2) return msg('Grey with transparency');
  return msg(str`Grey shown as ${channels === 4 ? 'RGBA' : 'RGB'}`);
}

/** Each size once, as large as it is frequent. */
function sizeChart({ folder, result }: LiveView): unknown {
  const sizes = new Map<string, { x: number; y: number; kind: number; count: number }>();
  result.facts.forEach((each, at) => {
    const item = folder.items[at];
    if (!each || !item) return;
    const kind = folder.labels.indexOf(item.label);
    const key = `${each.width} ${each.height} ${kind}`;
    const before = sizes.get(key);
    if (before) before.count += 1;
    else sizes.set(key, { x: each.width, y: each.height, kind, count: 1 });
  });
  if (new Set([...sizes.values()].map(({ x, y }) => `${x} ${y}`)).size < 2) return nothing;
  const most = Math.max(...[...sizes.values()].map(({ count }) => count));
  return html`<fr-scatter-chart
    class="card"
    caption=${msg('Width and height, by class')}
    x-label=${msg('Width in pixels')}
    y-label=${msg('Height in pixels')}
    name-label=${msg('Size')}
    kind-label=${msg('Class')}
    .kinds=${labelWords(folder.labels)}
    .points=${[...sizes.values()].map(({ x, y, kind, count }) => ({
      x,
      y,
      kind,
      name: msg(str`${x} × ${y}: ${formatNumber(count)}`),
      size: 3 + 8 * Math.sqrt(count / most),
    }))}
  ></fr-scatter-chart>`;
}
