import { msg } from '@lit/localize';
import { html } from 'lit';
import { customElement } from 'lit/decorators.js';
import { Screen } from '../screen.ts';
import '../workbench/workbench-head.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-adaptation-screen': FrAdaptationScreen;
  }
}

/** Transfer learning of the head on a labelled folder. */
@customElement('fr-adaptation-screen')
export class FrAdaptationScreen extends Screen {
  protected override render(): unknown {
    return html`<article class="page">
      <h1 tabindex="-1">${msg('Adaptation')}</h1>
      <fr-workbench-head
        current="adaptation"
        .services=${this.services}
        invitation=${msg('Open one to adapt the model to your site. Nothing leaves this device.')}
      ></fr-workbench-head>
    </article>`;
  }
}
