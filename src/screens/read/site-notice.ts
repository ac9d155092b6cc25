import { msg } from '@lit/localize';
import { html } from 'lit';
import { customElement } from 'lit/decorators.js';
import { FieldrayElement } from '../../elements/base.ts';
import { baseStyles, buttonStyles } from '../../elements/styles.ts';
import { routeHash } from '../../state/routes.ts';
import { siteAdvice, siteHeading } from '../../words/site-words.ts';
import '../../elements/notice.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-site-notice': FrSiteNotice;
  }
}

/** This site's pictures are unlike those the model knows. Its code comes only where that is so. */
@customElement('fr-site-notice')
export class FrSiteNotice extends FieldrayElement {
  static override styles = [baseStyles, buttonStyles];

  protected override render(): unknown {
    return html`<fr-notice tone="caution" heading=${siteHeading()}>
      ${siteAdvice()}
      <div slot="actions">
        <a class="button" href=${routeHash('evaluation')}>${msg('Evaluate your own pictures')}</a>
      </div>
    </fr-notice>`;
  }
}
