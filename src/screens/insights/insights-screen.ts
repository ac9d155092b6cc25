import { msg } from '@lit/localize';
import { html } from 'lit';
import { customElement } from 'lit/decorators.js';
import { Screen } from '../screen.ts';
import '../workbench/workbench-head.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-insights-screen': FrInsightsScreen;
  }
}

/** The facts of the published database and of an opened labelled folder, side by side. */
@customElement('fr-insights-screen')
export class FrInsightsScreen extends Screen {
  protected override render(): unknown {
    return html`<article class="page">
      <h1 tabindex="-1">${msg('Dataset insights')}</h1>
      <fr-workbench-head
        current="insights"
        .services=${this.services}
        invitation=${msg('Open your own to see the same figures for it. Nothing leaves this device.')}
      ></fr-workbench-head>
    </article>`;
  }
}
