import { msg } from '@lit/localize';
import { html } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import type { FrDialog } from '../../elements/dialog.ts';
import type { EngineReport } from '../../inference/types.ts';
import type { InstallProgress } from '../../model/types.ts';
import {
  buildInfo,
  readCapabilities,
  readStorage,
  requestPersistence,
} from '../../platform/index.ts';
import type { Capabilities, StorageFacts } from '../../platform/index.ts';
import { faultDataOf } from '../../session/index.ts';
import { ActionError } from '../../state/errors.ts';
import { Screen } from '../../elements/screen.ts';
import { renderAppSection, renderStorageSection } from './app-sections.ts';
import { renderEngineSection } from './engine-section.ts';
import { renderModelSection } from './model-section.ts';
import type { Outcome } from './outcome.ts';
import { renderSiteSection } from './site-section.ts';
import type { Job, Place, StatusView } from './status-view.ts';
import { supportText } from './support-text.ts';
import type { StatusFacts } from './support-text.ts';
import { statusStyles } from './status-styles.ts';
import '../../elements/copy-text.ts';
import '../../elements/data-table.ts';
import '../../elements/dialog.ts';
import '../../elements/notice.ts';
import '../../elements/offline-gap.ts';
import '../../elements/progress.ts';
import '../../elements/segmented.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-status-screen': FrStatusScreen;
  }
}

/** Everything about this device's Fieldray: model, backend, storage, app; and all of it as text. */
@customElement('fr-status-screen')
export class FrStatusScreen extends Screen implements StatusView {
  static override styles = [...Screen.styles, statusStyles];

  @state() job: Job | null = null;
  @state() progress: InstallProgress | null = null;
  @state() outcomes: Partial<Record<Place, Outcome>> = {};
  @state() newerModel: string | null = null;
  @state() report: EngineReport | null = null;
  @state() storage: StorageFacts | null = null;
  @state() private capabilities: Capabilities | null = null;
  @state() private engineFault: StatusFacts['engineFault'] = null;
  @state() modelBytes = 0;
  /** The support text's own time: it must not change while it is being copied. */
  private gatheredAt = Date.now();

  @query('fr-dialog') private readonly dialog!: FrDialog;
  private work: AbortController | null = null;

  protected override listen(): (() => void)[] {
    const { adapted, setup, platform, offline, siteLook } = this.services;
    void this.gather();
    void this.lookAtSite();
    if (adapted.activeId !== null) void adapted.load();
    return [
      adapted.subscribe(() => this.requestUpdate()),
      setup.subscribe(() => this.requestUpdate()),
      siteLook.listen(() => this.requestUpdate()),
      platform.updates.onState(() => this.requestUpdate()),
      offline.watch(() => this.requestUpdate()),
      () => this.work?.abort(),
    ];
  }

  protected override render(): unknown {
    return html`<div class="page">
      <h1 tabindex="-1">${msg('Status of this device')}</h1>
      <div class="grid">
        <div class="column">
          ${renderModelSection(this)} ${renderSiteSection(this)} ${renderStorageSection(this)}
          ${renderAppSection(this)}
        </div>
        <div class="column">${renderEngineSection(this)}</div>
      </div>
      <section aria-labelledby="support">
        <h2 id="support">${msg('Text for a support mail')}</h2>
        <p class="quiet support">
          ${msg('Everything on this page as text. It holds no picture, no result and no file name.')}
        </p>
        <fr-copy-text label=${msg('Support text')} .text=${supportText(this.facts)}></fr-copy-text>
      </section>
      ${this.renderDialog()}
    </div>`;
  }

  private renderDialog(): unknown {
    return html`<fr-dialog heading=${msg('Download the model again?')}>
      <p>
        ${msg(
          'The stored model is deleted first. Until the download is done, no picture can be read. This needs a network.',
        )}
      </p>
      <div slot="actions">
        <button class="button" type="button" @click=${() => this.dialog.close()}>
          ${msg('Keep it')}
        </button>
        <button
          class="button primary"
          type="button"
          @click=${() => {
            this.dialog.close();
            void this.change(() => this.services.setup.reinstall());
          }}
        >
          ${msg('Download again')}
        </button>
      </div>
    </fr-dialog>`;
  }

  private get facts(): StatusFacts {
    const { setup, platform, offline } = this.services;
    const { state } = setup;
    return {
      build: buildInfo,
      update: platform.updates.state,
      offline: offline.state.value,
      model:
        state.phase === 'ready'
          ? {
              id: state.model.manifest.id,
              version: state.model.manifest.version,
              verifiedAt: state.model.verifiedAt,
              activatedAt: state.model.activatedAt,
              bytes: this.modelBytes,
              damaged: state.damaged,
            }
          : null,
      modelFault: state.phase === 'failed' ? state.fault : null,
      engine: this.report,
      engineFault: this.engineFault,
      storage: this.storage,
      capabilities: this.capabilities,
      now: this.gatheredAt,
    };
  }

  /** What the pictures of earlier days said of this site. */
  private async lookAtSite(): Promise<void> {
    const { active, looks } = this.services;
    const model = await active.refresh().catch(() => null);
    if (model) (await looks.get().catch(() => null))?.load(model.manifest);
  }

  /** Reads everything anew; what cannot be had stays empty. */
  async gather(): Promise<void> {
    const { setup } = this.services;
    this.gatheredAt = Date.now();
    void readStorage().then((storage) => (this.storage = storage));
    void readCapabilities().then((capabilities) => (this.capabilities = capabilities));
    if (setup.state.phase !== 'ready') return;
    try {
      const store = await this.services.openStore();
      this.modelBytes = (await store.usage()).modelBytes;
      const engine = await this.services.active.engine();
      await engine.start();
      this.report = engine.report();
      this.engineFault = null;
      await engine.settled();
      this.report = engine.report();
    } catch (reason) {
      this.engineFault = faultDataOf(reason, () => new ActionError(reason));
    }
  }

  /** One long action with its outcome in words beside its buttons. */
  async act(
    job: Job,
    place: Place,
    task: (signal: AbortSignal) => Promise<Outcome | null>,
  ): Promise<void> {
    if (this.job) return;
    this.job = job;
    this.progress = null;
    this.work = new AbortController();
    this.outcomes = { ...this.outcomes, [place]: undefined };
    try {
      const outcome = await task(this.work.signal);
      if (outcome) this.outcomes = { ...this.outcomes, [place]: outcome };
    } catch (reason) {
      if (!this.work.signal.aborted) {
        const fault = faultDataOf(reason, () => new ActionError(reason));
        const outcome: Outcome = { tone: 'trouble', text: `${fault.message} ${fault.remedy}` };
        this.outcomes = { ...this.outcomes, [place]: outcome };
      }
    } finally {
      this.job = null;
      this.progress = null;
    }
  }

  cancelJob(): void {
    this.work?.abort();
  }

  askForReinstall(): void {
    this.dialog.show();
  }

  /** Another model, or the same one mended: everything is read anew. */
  async change(task: () => Promise<void>): Promise<void> {
    await task();
    this.newerModel = null;
    await this.gather();
  }

  async persist(): Promise<Outcome> {
    const answer = await requestPersistence();
    this.storage = await readStorage();
    if (answer === 'granted') return { tone: 'good', text: msg('The browser will keep it.') };
    return {
      tone: 'caution',
      text: msg('The browser did not promise it. Installing the app on the home screen helps.'),
    };
  }
}
