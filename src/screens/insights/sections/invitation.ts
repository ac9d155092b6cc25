import { msg } from '@lit/localize';
import { html } from 'lit';

/** Where a section needs the pictures themselves, and none was looked at yet. */
export function scanInvitation(): unknown {
  return html`<p class="prose quiet">
    ${msg('Start the scan at the top of this page to see this for your folder.')}
  </p>`;
}
