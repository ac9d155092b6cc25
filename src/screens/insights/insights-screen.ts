import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { formatTime } from '../../words/format.ts';
import { icon } from '../../elements/icons.ts';
import { Screen } from '../../elements/screen.ts';
import { notADevice } from '../../words/words.ts';
import { insightsStyles } from './insights-styles.ts';
import { currentRun, type InsightsRun } from '../../state/insights-run.ts';
import { networkStyles } from './network-picture.ts';
import { section } from './section.ts';
import { covidSection, distributionSection, largestSection } from './sections/distribution.ts';
import { formatSection } from './sections/format.ts';
import { intensitySection } from './sections/intensity.ts';
import { masksSection } from './sections/masks.ts';
import { purposeSection } from './sections/purpose.ts';
import { smallestSection } from './sections/smallest.ts';
import { sourcesSection } from './sections/sources.ts';
import { viewOf, type DatasetDoor, type InsightsView, type LiveView } from './view.ts';
import '../../elements/workbench-head.ts';
import './duplicates-panel.ts';
import './embedding-panel.ts';
import './scan-panel.ts';
import './split-panel.ts';
import '../../elements/chart/bar-chart.ts';
import '../../elements/chart/dominance-chart.ts';
import '../../elements/chart/donut-chart.ts';
import '../../elements/chart/gray-chart.ts';
import '../../elements/chart/heat-chart.ts';
import '../../elements/chart/scatter-chart.ts';
import '../../elements/data-table.ts';
import '../../elements/line-chart.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-insights-screen': FrInsightsScreen;
  }
}

/** While a scan runs the page follows it this often: often enough to see it move. */
const FOLLOW_MS = 700;

/** The facts of the published database and of an opened labelled folder, side by side. */
@customElement('fr-insights-screen')
export class FrInsightsScreen extends Screen {
  static override styles = [...Screen.styles, networkStyles, insightsStyles];

  @state() private door: DatasetDoor | null = null;
  @state() private run: InsightsRun | null = null;
  @state() private tick = 0;
  private endRun: (() => void) | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private asked = 0;

  protected override listen(): (() => void)[] {
    const { workbench, setup } = this.services;
    void this.follow();
    return [
      workbench.subscribe(() => void this.follow()),
      setup.subscribe(() => this.requestUpdate()),
      () => this.leave(),
    ];
  }

  protected override render(): unknown {
    return html`<article class="page">
      <h1 tabindex="-1">${msg('Dataset insights')}</h1>
      <p class="lead">
        ${msg(
          'What the published COVID-19 Radiography Database holds, what your own labelled folder holds beside it, and what a model could learn from either besides the disease.',
        )}
      </p>
      <fr-workbench-head
        current="insights"
        .services=${this.services}
        invitation=${msg('Open your own to see the same figures for it. Nothing leaves this device.')}
      ></fr-workbench-head>
      ${this.door ? this.renderFacts(viewOf(this.door, this.run)) : nothing}
    </article>`;
  }

  private renderFacts(view: InsightsView): unknown {
    const { live } = view;
    return html`${
        live
          ? html`<fr-scan-panel
              .live=${live}
              .tick=${this.tick}
              @scan-forgotten=${() => void this.forget(live)}
            ></fr-scan-panel>`
          : nothing
      }
      ${this.renderContents(live !== null)} ${distributionSection(view)} ${covidSection(view)}
      ${largestSection(view)} ${smallestSection(view)} ${masksSection(view)}
      ${sourcesSection(view, 6, 'COVID')} ${formatSection(view)}
      ${sourcesSection(view, 8, 'Normal')} ${sourcesSection(view, 9, 'Lung_Opacity')}
      ${purposeSection(view)} ${live ? this.renderBeyond(view, live) : nothing}
      <p class="quiet printed">${msg(str`${notADevice()} ${formatTime(Date.now())}`)}</p>`;
  }

  private renderBeyond(view: InsightsView, live: LiveView): unknown {
    return html`<div class="beyond">
      ${intensitySection(view, live)}
      ${section(
        12,
        msg('Near-duplicates'),
        html`<fr-duplicates-panel .live=${live}></fr-duplicates-panel>`,
      )}
      ${section(
        13,
        msg('What the model sees: source audit and map'),
        html`<fr-embedding-panel
          .live=${live}
          ?ready=${this.services.setup.state.phase === 'ready'}
        ></fr-embedding-panel>`,
      )}
      ${section(
        14,
        msg('A split without leaks'),
        html`<fr-split-panel .view=${view} .live=${live}></fr-split-panel>`,
      )}
    </div>`;
  }

  private renderContents(live: boolean): unknown {
    const entries = [
      msg('Distribution'),
      msg('COVID-19 share'),
      msg('Largest class'),
      msg('Smallest class'),
      msg('Lung masks'),
      msg('COVID-19 sources'),
      msg('Format'),
      msg('Normal sources'),
      msg('Lung opacity sources'),
      msg('Purpose'),
      ...(live
        ? [msg('Brightness'), msg('Near-duplicates'), msg('Source audit and map'), msg('Split')]
        : []),
    ];
    return html`<nav class="contents" aria-label=${msg('On this page')}>
      ${entries.map(
        (words, at) =>
          html`<button class="button" type="button" @click=${() => this.goTo(at + 1)}>
            ${at + 1} ${words}
          </button>`,
      )}
      <button class="button" type="button" @click=${() => window.print()}>
        ${icon('print', 18)} ${msg('Print the report')}
      </button>
    </nav>`;
  }

  private goTo(number: number): void {
    const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
    const heading = this.renderRoot.querySelector<HTMLElement>(`#section-${number}-title`);
    heading?.scrollIntoView({ behavior: still ? 'auto' : 'smooth' });
    heading?.focus({ preventScroll: true });
  }

  private async forget({ run }: LiveView): Promise<void> {
    await run.scan.forget();
    await run.dispose();
    const { folder } = this.services.workbench;
    if (folder) await this.follow(true);
  }

  /** The run of the open folder; another folder gets another one. */
  private async follow(afresh = false): Promise<void> {
    this.asked += 1;
    const { asked } = this;
    this.door ??= await import('../../dataset/index.ts');
    const run = await currentRun(this.services, afresh);
    if (asked !== this.asked || run === this.run) return;
    this.leave();
    this.run = run;
    this.endRun = run?.subscribe(() => this.soon()) ?? null;
  }

  private leave(): void {
    this.endRun?.();
    this.endRun = null;
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }

  private soon(): void {
    this.timer ??= setTimeout(() => {
      this.timer = null;
      this.tick += 1;
    }, FOLLOW_MS);
  }
}
