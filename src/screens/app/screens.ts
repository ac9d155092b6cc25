/** Which code belongs to which address. Each page is fetched when it is first gone to. */
import { msg } from '@lit/localize';
import { html } from 'lit';
import type { TemplateResult } from 'lit';
import type { Services } from '../../state/services.ts';
import type { Route, ScreenName } from '../../state/routes.ts';

export const SCREEN_LOADERS: Record<ScreenName, () => Promise<unknown>> = {
  welcome: () => import('../welcome/welcome-screen.ts'),
  read: () => import('../read/read-screen.ts'),
  film: () => import('../film/film-screen.ts'),
  insights: () => import('../insights/insights-screen.ts'),
  evaluation: () => import('../evaluation/evaluation-screen.ts'),
  adaptation: () => import('../adaptation/adaptation-screen.ts'),
  status: () => import('../status/status-screen.ts'),
  model: () => import('../model-card/model-card-screen.ts'),
  settings: () => import('../settings/settings-screen.ts'),
  history: () => import('../history/history-screen.ts'),
  figures: () => import('../figures/figures-screen.ts'),
  records: () => import('../records/records-screen.ts'),
  about: () => import('../about/about-screen.ts'),
};

export function screenTitle(screen: ScreenName): string {
  switch (screen) {
    case 'welcome':
      return msg('Welcome');
    case 'read':
      return msg('Read');
    case 'film':
      return msg('Photograph film');
    case 'insights':
      return msg('Dataset insights');
    case 'evaluation':
      return msg('Evaluation');
    case 'adaptation':
      return msg('Adaptation');
    case 'status':
      return msg('Status');
    case 'model':
      return msg('Model card');
    case 'settings':
      return msg('Settings');
    case 'history':
      return msg('History');
    case 'figures':
      return msg('How it does here');
    case 'records':
      return msg('Kept studies');
    case 'about':
      return msg('Help');
  }
}

export function renderScreen(screen: ScreenName, services: Services, route: Route): TemplateResult {
  switch (screen) {
    case 'welcome':
      return html`<fr-welcome-screen class="screen" .services=${services}></fr-welcome-screen>`;
    case 'read':
      return html`<fr-read-screen
        class="screen"
        .services=${services}
        .caseId=${route.caseId}
      ></fr-read-screen>`;
    case 'film':
      return html`<fr-film-screen class="screen" .services=${services}></fr-film-screen>`;
    case 'insights':
      return html`<fr-insights-screen class="screen" .services=${services}></fr-insights-screen>`;
    case 'evaluation':
      return html`<fr-evaluation-screen
        class="screen"
        .services=${services}
      ></fr-evaluation-screen>`;
    case 'adaptation':
      return html`<fr-adaptation-screen
        class="screen"
        .services=${services}
      ></fr-adaptation-screen>`;
    case 'status':
      return html`<fr-status-screen class="screen" .services=${services}></fr-status-screen>`;
    case 'model':
      return html`<fr-model-card-screen
        class="screen"
        .services=${services}
      ></fr-model-card-screen>`;
    case 'settings':
      return html`<fr-settings-screen class="screen" .services=${services}></fr-settings-screen>`;
    case 'history':
      return html`<fr-history-screen
        class="screen"
        .services=${services}
        .studyId=${route.studyId ?? null}
      ></fr-history-screen>`;
    case 'figures':
      return html`<fr-figures-screen class="screen" .services=${services}></fr-figures-screen>`;
    case 'records':
      return html`<fr-records-screen class="screen" .services=${services}></fr-records-screen>`;
    case 'about':
      return html`<fr-about-screen class="screen" .services=${services}></fr-about-screen>`;
  }
}
