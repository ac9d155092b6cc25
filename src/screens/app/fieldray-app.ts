import { msg } from '@lit/localize';
import { html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { FieldrayElement } from '../../elements/base.ts';
import { icon } from '../../elements/icons.ts';
import type { IconName } from '../../elements/icons.ts';
import { baseStyles, buttonStyles } from '../../elements/styles.ts';
import { openShareInbox } from '../../platform/index.ts';
import { holdsFolder, openGiven } from '../../session/index.ts';
import { createServices } from '../../state/services.ts';
import type { PatientDesk } from '../../state/patients/patient-desk.ts';
import type { Services } from '../../state/services.ts';
import { notADevice } from '../../words/words.ts';
import type { Screen } from '../../elements/screen.ts';
import { appStyles } from './app-styles.ts';
import { browserParts } from './browser-parts.ts';
import { isWorkbench, parseRoute, routeHash } from '../../state/routes.ts';
import type { Route, ScreenName } from '../../state/routes.ts';
import { renderScreen, screenTitle, SCREEN_LOADERS } from './screens.ts';
import { ThemeController } from './theme.ts';
import type { ThemeChoice } from './theme.ts';
import type { FilesGiven } from '../../platform/files-given.ts';
import '../../elements/file-drop.ts';
import '../../elements/notice.ts';
import '../../elements/segmented.ts';
import './update-banner.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fieldray-app': FieldrayApp;
  }
}

/** The shell: header, navigation, the current screen, and what can happen on any of them. */
@customElement('fieldray-app')
export class FieldrayApp extends FieldrayElement {
  static override styles = [baseStyles, buttonStyles, appStyles];

  /** Set before the element is connected to run on other services (tests do). */
  @property({ attribute: false }) services: Services = createServices(browserParts());

  @state() private route: Route = parseRoute(location.hash);
  @state() private loaded: ScreenName | null = null;
  @state() private loadFailed = false;
  @state() private online = navigator.onLine;
  @state() private inboxFailure = '';
  /** Null until someone covers the screen, or studies are kept here. */
  @state() private desk: PatientDesk | null = null;
  /** Everything but the cover is hidden. */
  @state() private covered = false;

  @query('main') private readonly main!: HTMLElement;
  private readonly theme = new ThemeController();
  private readonly ends: (() => void)[] = [];
  private releaseHold: (() => void) | null = null;
  private inboxOpen = false;

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('hashchange', this.onRoute);
    window.addEventListener('beforeunload', this.onLeaving);
    window.addEventListener('online', this.onNetwork);
    window.addEventListener('offline', this.onNetwork);
    const { session, setup, platform } = this.services;
    this.ends.push(
      session.subscribe(this.onSession),
      setup.subscribe(this.onSetup),
      platform.updates.onState(() => this.requestUpdate()),
      // Set up or asked for on a screen: from then on it locks and covers.
      this.services.patients.part.listen(() => void this.loadCover()),
    );
    // The shell is painted first; the store's code and the screen's come after it.
    requestAnimationFrame(() =>
      setTimeout(() => {
        void setup.load();
        void this.loadScreen();
        void this.coverWhatIsKept();
      }),
    );
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('hashchange', this.onRoute);
    window.removeEventListener('beforeunload', this.onLeaving);
    window.removeEventListener('online', this.onNetwork);
    window.removeEventListener('offline', this.onNetwork);
    for (const end of this.ends.splice(0)) end();
    this.releaseHold?.();
    this.releaseHold = null;
  }

  protected override willUpdate(): void {
    const inRoom =
      this.screen === 'film' || (this.screen === 'read' && this.services.session.size > 0);
    this.toggleAttribute('room', inRoom);
    this.theme.viewing = inRoom && this.route.caseId !== null;
    document.title = this.screen === 'read' ? 'Fieldray' : `${screenTitle(this.screen)} · Fieldray`;
  }

  protected override render(): unknown {
    const ready = this.services.setup.state.phase === 'ready';
    this.toggleAttribute('covered', this.covered);
    return html`
      <button class="button skip" type="button" @click=${() => this.main.focus()}>
        ${msg('Go to the content')}
      </button>
      <header>
        <a class="brand" href=${routeHash(ready ? 'read' : 'welcome')}
          ><img src="./icons/mark.svg" width="32" height="32" alt="" /> Fieldray</a
        >
        ${
          this.online
            ? nothing
            : html`<span class="offline">${icon('offline', 18)} ${msg('Offline')}</span>`
        }
        ${ready ? this.renderCoverButton() : nothing}
      </header>
      ${this.renderNav(ready)}
      <div class="banner">
        <fr-update-banner
          .services=${this.services}
          ?busy=${this.route.caseId !== null || this.screen === 'film'}
        ></fr-update-banner>
        ${
          this.outdated && this.route.caseId === null && this.screen !== 'film'
            ? html`<fr-model-banner
                .setup=${this.services.setup}
                .state=${this.services.setup.state}
              ></fr-model-banner>`
            : nothing
        }
        ${
          this.inboxFailure
            ? html`<fr-notice tone="caution" announce="alert">${this.inboxFailure}</fr-notice>`
            : nothing
        }
      </div>
      <main tabindex="-1" @files-given=${this.onFiles} @file-made=${this.onFileMade}>
        ${this.renderMain()}
      </main>
      ${this.hasAttribute('room') ? nothing : this.renderFooter()}
      <fr-file-drop
        ?disabled=${!ready && !isWorkbench(this.screen)}
        @files-given=${this.onFiles}
      ></fr-file-drop>
      ${
        this.desk
          ? html`<fr-cover
              .desk=${this.desk}
              .services=${this.services}
              @cover-turned=${(event: CustomEvent<boolean>) => (this.covered = event.detail)}
            ></fr-cover>`
          : nothing
      }
    `;
  }

  private renderCoverButton(): unknown {
    return html`<button
      class="button bare icon"
      type="button"
      aria-label=${msg('Cover the screen')}
      title=${msg('Cover the screen')}
      @click=${async () => {
        await this.loadCover();
        await this.updateComplete;
        this.renderRoot.querySelector('fr-cover')?.cover();
      }}
    >
      ${icon('cover', 20)}
    </button>`;
  }

  /** Kept studies are locked when the page begins, and what covers them comes with it. */
  private async coverWhatIsKept(): Promise<void> {
    if (await this.services.mayKeepStudies()) await this.loadCover();
  }

  /** Whose pictures these are, kept studies, and what covers them: they come together. */
  private async loadCover(): Promise<void> {
    const [desk] = await Promise.all([this.services.patients.get(), import('./cover.ts')]);
    this.desk = desk;
    // Where the browser keeps nothing (a private window), there is nothing to unlock either.
    await desk.records.refresh().catch(() => undefined);
  }

  /** The first visit has one way only; everything else appears once the model is there. */
  private renderNav(ready: boolean): unknown {
    const links: readonly (readonly [ScreenName, IconName])[] = ready
      ? [
          ['read', 'open'],
          ['insights', 'bench'],
          // Where studies are kept the history is gone to every day, the card once a year.
          this.services.keepsStudies() ? ['history', 'history'] : ['model', 'card'],
          ['settings', 'settings'],
          ['status', 'status'],
          ['about', 'help'],
        ]
      : [
          ['status', 'status'],
          ['about', 'help'],
        ];
    return html`<nav aria-label=${msg('Screens')}>
      ${links.map(
        ([screen, name]) =>
          html`<a href=${routeHash(screen)} aria-current=${this.currentness(screen)}
            >${icon(name, 20)} ${navWords(screen)}</a
          >`,
      )}
    </nav>`;
  }

  /** Film is a way into reading, three screens are one workbench: there the person is in that part. */
  private currentness(screen: ScreenName): 'page' | 'true' | typeof nothing {
    if (this.screen === screen) return 'page';
    const inPart =
      screen === 'read'
        ? this.screen === 'film'
        : screen === 'insights' && isWorkbench(this.screen);
    return inPart ? 'true' : nothing;
  }

  private renderMain(): unknown {
    if (this.loadFailed) {
      return html`<div class="center">
        <fr-notice tone="trouble" announce="alert" heading=${msg('A part of the app is missing')}>
          ${msg('Check the connection and reload the app.')}
          <div slot="actions">
            <button class="button" type="button" @click=${() => location.reload()}>
              ${msg('Reload')}
            </button>
          </div>
        </fr-notice>
      </div>`;
    }
    if (this.loaded === null || this.services.setup.state.phase === 'checking') {
      return html`<div class="center" role="status">
        <span class="visually-hidden">${msg('Opening')}</span>
      </div>`;
    }
    return renderScreen(this.loaded, this.services, this.route);
  }

  private renderFooter(): unknown {
    return html`<footer>
      <span>${notADevice()}</span>
      <fr-segmented
        label=${msg('Appearance')}
        .options=${[
          { value: 'auto', label: msg('Auto') },
          { value: 'light', label: msg('Light') },
          { value: 'dark', label: msg('Dark') },
        ]}
        .value=${this.theme.choice}
        @option-chosen=${(event: CustomEvent<string>) =>
          this.theme.choose(event.detail as ThemeChoice)}
      ></fr-segmented>
    </footer>`;
  }

  /** The model on the device was made for an earlier version of the app. */
  private get outdated(): boolean {
    const { state } = this.services.setup;
    return state.phase === 'ready' && state.renewal !== null;
  }

  /** Reading needs the model: until it is there, its place is taken by the welcome screen. */
  private get screen(): ScreenName {
    const { phase } = this.services.setup.state;
    const wanted = this.route.screen;
    const needsModel = wanted === 'read' || wanted === 'film';
    return needsModel && phase !== 'ready' && phase !== 'checking' ? 'welcome' : wanted;
  }

  private async loadScreen(): Promise<void> {
    const screen = this.screen;
    if (this.mayBeWelcome(screen)) return;
    try {
      await SCREEN_LOADERS[screen]();
    } catch {
      this.loadFailed = true;
      return;
    }
    if (screen === this.screen) this.loaded = screen;
  }

  /**
   * On a first visit the welcome screen takes the reading room's place as soon as the store has
   * answered: a slow line must not carry both. Later the service worker has them, and asking for the
   * room while the store is looked at saves that time.
   */
  private mayBeWelcome(screen: ScreenName): boolean {
    const unknown = this.services.setup.state.phase === 'checking';
    return screen === 'read' && unknown && !this.services.platform.updates.controlled;
  }

  private readonly onRoute = async (): Promise<void> => {
    const before = this.screen;
    this.route = parseRoute(location.hash);
    await this.loadScreen();
    if (this.screen === before) return;
    window.scrollTo(0, 0);
    await this.updateComplete;
    await this.renderRoot.querySelector<Screen>('.screen')?.focusHeading();
  };

  private readonly onSetup = (): void => {
    // The address says where the person is, so that "ready" is told on the screen they wait on.
    if (this.screen !== this.route.screen) {
      history.replaceState(history.state, '', routeHash(this.screen));
      this.route = parseRoute(location.hash);
    }
    if (this.outdated) void import('./model-banner.ts');
    this.requestUpdate();
    void this.loadScreen();
    if (this.services.setup.state.phase !== 'ready' || this.inboxOpen) return;
    this.inboxOpen = true;
    openShareInbox({
      onFiles: (files) => void this.take({ files: files.map(named) }),
      onFailure: (fault) => (this.inboxFailure = `${fault.message} ${fault.remedy}`),
    });
  };

  private readonly onSession = (): void => {
    const { size } = this.services.session;
    // Results live in this tab's memory: no update may reload it away, not even from another tab.
    if (size > 0) this.releaseHold ??= this.services.platform.updates.hold();
    else {
      this.releaseHold?.();
      this.releaseHold = null;
    }
    this.requestUpdate();
  };

  /** What would be lost with the page: the browser asks first. */
  private readonly onLeaving = (event: BeforeUnloadEvent): void => {
    const kept = this.desk?.records.unlocked === true && !this.desk.keeper.unsaved;
    if (this.services.session.size > 0 && !kept) event.preventDefault();
  };

  private readonly onNetwork = (): void => {
    this.online = navigator.onLine;
    if (this.online) void this.services.setup.renew(false);
  };

  private readonly onFiles = (event: CustomEvent<FilesGiven>): void => void this.take(event.detail);

  /** A chart or a report was saved on some screen. */
  private readonly onFileMade = async ({ detail }: CustomEvent<File>): Promise<void> => {
    const { saveFile } = await import('../../platform/save-file.ts');
    await saveFile(detail);
  };

  /** One picture is shown at once; several, a folder or an archive make the list. */
  private async take(given: FilesGiven): Promise<void> {
    const { session, workbench } = this.services;
    if (isWorkbench(this.screen) && (await holdsFolder(given))) {
      await workbench.open(given);
      return;
    }
    if (this.services.setup.state.phase !== 'ready') return;
    const opened = await openGiven(given);
    const wasEmpty = session.size === 0;
    if (opened.kind === 'flow') {
      void session.follow(opened.flow);
      location.hash = routeHash('read');
      return;
    }
    const fresh = session.add(opened.files);
    // A film was just photographed, or the picture is the one of the patient who stands there: each
    // is shown as it comes.
    const forPatient = (this.desk?.patients.current.value ?? null) !== null;
    const [first] = fresh.length === 1 ? fresh : [];
    const alone = wasEmpty || forPatient || first?.origin === 'photograph of film';
    const only = alone ? first : undefined;
    if (fresh.length > 0) location.hash = routeHash('read', only?.id ?? null);
  }
}

function named(file: File): { name: string; source: Blob } {
  return { name: file.name || msg('Picture'), source: file };
}

/** The entry for the workbench leads to the first of its screens. */
function navWords(screen: ScreenName): string {
  return screen === 'insights' ? msg('Workbench') : screenTitle(screen);
}
