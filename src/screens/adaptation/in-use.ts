import { msg } from '@lit/localize';
import { html } from 'lit';
import { icon } from '../../elements/icons.ts';

/** Said wherever the adapted model that reads now is shown. */
export function renderInUse(): unknown {
  return html`<p class="in-use">
    ${icon('good', 20)} ${msg('In use: every result says “Adapted at this site”.')}
  </p>`;
}
