import { msg, str } from '@lit/localize';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { ProbeResult } from '../../dataset/index.ts';
import { FieldrayElement } from '../../elements/base.ts';
import { formatNumber, formatShare } from '../../words/format.ts';
import type { ScatterPoint } from '../../elements/chart/scatter-chart.ts';
import { baseStyles, buttonStyles } from '../../elements/styles.ts';
import { routeHash } from '../../state/routes.ts';
import { className } from '../../words/words.ts';
import type { EmbeddingFacts, EmbeddingState, OriginProbe } from '../../state/insights-run.ts';
import { panelStyles } from './insights-styles.ts';
import { labelWords, type LiveView } from './view.ts';
import './item-picture.ts';
import '../../elements/chart/bar-chart.ts';
import '../../elements/chart/scatter-chart.ts';
import '../../elements/data-table.ts';
import '../../elements/notice.ts';
import '../../elements/progress.ts';
import '../../elements/segmented.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-embedding-panel': FrEmbeddingPanel;
  }
}

interface DrawnMap {
  readonly facts: EmbeddingFacts;
  readonly by: 'class' | 'origin';
  readonly kinds: readonly string[];
  readonly points: readonly ScatterPoint[];
}

/** Origins beyond these share a tone. */
const MOST_KINDS = 5;

/** What the model sees of the folder: how easily it could tell the origin, and a map of the pictures. */
@customElement('fr-embedding-panel')
export class FrEmbeddingPanel extends FieldrayElement {
  static override styles = [
    baseStyles,
    buttonStyles,
    panelStyles,
    css`
      :host {
        --panel-gap: var(--space-5);
      }

      h3 {
        font-size: var(--text-lead);
        font-weight: 620;
      }

      .pair {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr));
        gap: var(--space-5);
        align-items: start;
      }

      h3,
      .pair,
      fr-segmented {
        margin-block-end: var(--space-3);
      }

      .pair,
      fr-segmented {
        margin-block-start: var(--space-3);
      }

      .card {
        min-inline-size: 0;
        padding: var(--space-5);
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--panel);
      }

      .map {
        display: grid;
        grid-template-columns: minmax(0, 1fr) 13rem;
        gap: var(--space-5);
        align-items: start;
      }

      .seen {
        display: grid;
        gap: var(--space-2);
        font-size: var(--text-small);
        overflow-wrap: anywhere;
      }

      .empty {
        display: grid;
        aspect-ratio: 1;
        place-content: center;
        padding: var(--space-4);
        border: 1px dashed var(--line-strong);
        border-radius: var(--radius-small);
        color: var(--ink-quiet);
        text-align: center;
      }

      .running {
        display: grid;
        gap: var(--space-3);
        max-inline-size: 32rem;
      }

      @media (max-width: 44rem) {
        .map {
          grid-template-columns: minmax(0, 1fr);
        }

        .seen fr-item-picture,
        .empty {
          max-inline-size: 13rem;
        }
      }
    `,
  ];

  @property({ attribute: false }) live!: LiveView;
  /** The model is on this device. */
  @property({ type: Boolean }) ready = false;
  @state() private by: 'class' | 'origin' = 'class';
  @state() private seen = -1;
  private drawn: DrawnMap | null = null;

  protected override render(): unknown {
    const { embedding } = this.live.run;
    switch (embedding.phase) {
      case 'idle':
        return this.renderStart();
      case 'running':
        return this.renderRunning(embedding);
      case 'failed':
        return html`<fr-notice tone="trouble" announce="alert" heading=${embedding.fault.message}>
            ${embedding.fault.remedy}
          </fr-notice>
          ${this.renderStart()}`;
      case 'done':
        return html`${this.renderProbes(embedding.facts)} ${this.renderMap(embedding.facts)}`;
    }
  }

  private renderStart(): unknown {
    if (!this.ready) {
      return html`<p class="prose quiet">
        ${msg('This needs the model, which is not on this device yet.')}
        <a href=${routeHash('welcome')}>${msg('Set up this device')}</a>
      </p>`;
    }
    return html`<p class="prose">
        ${msg(
          'The installed model looks at the pictures (of a large folder, at a sample with every class and origin in it) and gives 1280 numbers for each. From these a straight line is drawn to tell the origins apart, and a map is laid out. It takes some minutes and can be canceled.',
        )}
      </p>
      <div>
        <button
          class="button primary"
          type="button"
          @click=${() => void this.live.run.runEmbedding()}
        >
          ${msg('Look with the model')}
        </button>
      </div>`;
  }

  private renderRunning(state: Extract<EmbeddingState, { phase: 'running' }>): unknown {
    const words = stepWords(state);
    return html`<div class="running">
      <span role="status">${words}</span>
      <fr-progress
        label=${words}
        .share=${state.total > 0 ? state.done / state.total : null}
      ></fr-progress>
      <div>
        <button class="button" type="button" @click=${() => this.live.run.cancelEmbedding()}>
          ${msg('Cancel')}
        </button>
      </div>
    </div>`;
  }

  private renderProbes({ probes, classes, items, model }: EmbeddingFacts): unknown {
    return html`<div>
      <h3>${msg('Source audit')}</h3>
      <p class="prose">
        ${msg(
          str`How well a straight line through what the model ${model} sees tells the origin of a picture, on folds that took no part in drawing it (${formatNumber(items.length)} pictures looked at). Chance is what guessing gives. The further above it, the easier is the shortcut: a model trained here can answer by the hospital.`,
        )}
      </p>
      ${
        probes.length === 0
          ? html`<p class="prose quiet">
              ${msg(
                'The metadata sheets name fewer than two origins with twenty pictures each, so there is nothing to tell apart.',
              )}
            </p>`
          : this.renderProbeCharts(probes, classes)
      }
    </div>`;
  }

  private renderProbeCharts(probes: readonly OriginProbe[], classes: ProbeResult | null): unknown {
    const rows = [
      ...probes.map(({ label, result }) => ({
        name:
          label === null ? msg('Origin, all classes') : msg(str`Origin within ${className(label)}`),
        result,
      })),
      ...(classes ? [{ name: msg('The class itself'), result: classes }] : []),
    ];
    return html`<div class="pair">
      <fr-bar-chart
        class="card"
        caption=${msg('Balanced accuracy of a linear probe')}
        category-label=${msg('What is told')}
        unit="share"
        .categories=${rows.map(({ name }) => name)}
        .series=${[
          { name: msg('Probe'), values: rows.map(({ result }) => result.balancedAccuracy) },
          { name: msg('Chance'), quiet: true, values: rows.map(({ result }) => result.chance) },
        ]}
      ></fr-bar-chart>
      <fr-data-table
        caption=${msg('Each origin: how many pictures, and how many of them are told')}
        .columns=${[msg('Origin'), msg('Among'), msg('Pictures'), msg('Told'), msg('Folds')]}
        .numeric=${[2, 3, 4]}
        .rows=${probes.flatMap(({ label, result }) =>
          result.kinds.map(({ name, images, recall }) => [
            name,
            label === null ? msg('all') : className(label),
            images,
            formatShare(recall),
            foldsOf(result),
          ]),
        )}
      ></fr-data-table>
    </div>`;
  }

  private renderMap(facts: EmbeddingFacts): unknown {
    const { items } = facts;
    const { folder } = this.live;
    const { kinds, points } = this.pointsOf(facts);
    const seen = folder.items[items[this.seen] ?? -1];
    return html`<div>
      <h3>${msg('Map of the pictures')}</h3>
      <p class="prose">
        ${msg(
          'Each point is a picture; what the model sees as alike lies together (PCA, then UMAP). Distances between far groups mean little. Point at one, or go from one to the next with the arrow keys, to see its picture.',
        )}
      </p>
      <fr-segmented
        label=${msg('Color of the points')}
        .options=${[
          { value: 'class', label: msg('By class') },
          { value: 'origin', label: msg('By origin') },
        ]}
        .value=${this.by}
        @option-chosen=${(event: CustomEvent<string>) =>
          (this.by = event.detail === 'origin' ? 'origin' : 'class')}
      ></fr-segmented>
      <div class="card map">
        <fr-scatter-chart
          caption=${msg('Embedding map')}
          name-label=${msg('Picture')}
          kind-label=${this.by === 'class' ? msg('Class') : msg('Origin')}
          .kinds=${this.by === 'class' ? labelWords(kinds) : kinds}
          .points=${points}
          @point-seen=${(event: CustomEvent<number>) => {
            if (event.detail >= 0) this.seen = event.detail;
          }}
        ></fr-scatter-chart>
        <div class="seen">
          ${
            seen
              ? html`<fr-item-picture
                    .item=${seen}
                    .show=${this.live.run.show}
                    label=${className(seen.label)}
                  ></fr-item-picture>
                  <strong>${className(seen.label)}</strong>
                  ${seen.origin ? html`<span>${seen.origin}</span>` : nothing}
                  <span class="quiet">${seen.path}</span>`
              : html`<div class="empty">${msg('Point at a picture')}</div>`
          }
        </div>
      </div>
    </div>`;
  }

  /** Made once for the same map and colors: the chart keeps its place while it is pointed at. */
  private pointsOf(facts: EmbeddingFacts): DrawnMap {
    if (this.drawn?.facts === facts && this.drawn.by === this.by) return this.drawn;
    const { items, map } = facts;
    const { folder } = this.live;
    const kinds = this.by === 'class' ? folder.labels : this.originKinds(items);
    const points = items.map((at, place) => {
      const item = folder.items[at];
      const name = this.by === 'class' ? item?.label : (item?.origin ?? msg('Not known'));
      const kind = kinds.indexOf(name ?? '');
      return {
        x: map[2 * place] ?? 0,
        y: map[2 * place + 1] ?? 0,
        kind: kind < 0 ? kinds.length - 1 : kind,
        name: item?.path ?? '',
      };
    });
    this.drawn = { facts, by: this.by, kinds, points };
    return this.drawn;
  }

  private originKinds(items: readonly number[]): string[] {
    const counts = new Map<string, number>();
    for (const at of items) {
      const origin = this.live.folder.items[at]?.origin ?? msg('Not known');
      counts.set(origin, (counts.get(origin) ?? 0) + 1);
    }
    const names = [...counts].sort((a, b) => b[1] - a[1]).map(([name]) => name);
    return names.length > MOST_KINDS + 1
      ? [...names.slice(0, MOST_KINDS), msg('All others')]
      : names;
  }
}

function foldsOf({ folds }: ProbeResult): string {
  return `${formatShare(Math.min(...folds))} – ${formatShare(Math.max(...folds))}`;
}

function stepWords({ step, done, total }: Extract<EmbeddingState, { phase: 'running' }>): string {
  switch (step) {
    case 'engine':
      return msg('Starting the model…');
    case 'embedding':
      return msg(str`${formatNumber(done)} of ${formatNumber(total)} pictures looked at`);
    case 'reducing':
      return msg('Finding the main directions…');
    case 'probing':
      return msg('Telling the origins apart…');
    case 'mapping':
      return msg('Laying out the map…');
  }
}
