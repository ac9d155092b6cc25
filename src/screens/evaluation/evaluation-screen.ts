import { msg } from '@lit/localize';
import { html } from 'lit';
import { customElement } from 'lit/decorators.js';
import { Screen } from '../screen.ts';
import '../workbench/workbench-head.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-evaluation-screen': FrEvaluationScreen;
  }
}

/** How the installed model does on a labelled folder. */
@customElement('fr-evaluation-screen')
export class FrEvaluationScreen extends Screen {
  protected override render(): unknown {
    return html`<article class="page">
      <h1 tabindex="-1">${msg('Evaluation')}</h1>
      <fr-workbench-head
        current="evaluation"
        .services=${this.services}
        invitation=${msg('Open one to judge the model on your own patients. Nothing leaves this device.')}
      ></fr-workbench-head>
    </article>`;
  }
}
