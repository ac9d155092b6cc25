import { msg } from '@lit/localize';
import { html, nothing } from 'lit';
import { routeHash } from '../../state/routes.ts';
import { siteAdvice, siteHeading, siteWords } from '../../words/site-words.ts';
import type { StatusView } from './status-view.ts';

/** Whether this site's pictures look like those the model knows, and what to do about it. */
export function renderSiteSection({ services }: StatusView): unknown {
  const verdict = services.siteLook.value;
  if (!verdict) return nothing;
  return html`<section class="card" aria-labelledby="site">
    <h2 id="site">${msg('This site’s pictures')}</h2>
    ${
      verdict.kind === 'different'
        ? html`<fr-notice tone="caution" heading=${siteHeading()}>${siteAdvice()}</fr-notice>`
        : nothing
    }
    <p>${siteWords(verdict)}</p>
    <div class="row">
      <a
        class="button ${verdict.kind === 'different' ? 'primary' : ''}"
        href=${routeHash('evaluation')}
        >${msg('Evaluate your own pictures')}</a
      >
    </div>
  </section>`;
}
