import { msg } from '@lit/localize';
import { css, html } from 'lit';
import { customElement } from 'lit/decorators.js';
import { icon } from '../../elements/icons.ts';
import { keyStyles } from '../../elements/viewer/key-styles.ts';
import { viewerHelp } from '../../elements/viewer/viewer-help.ts';
import { routeHash } from '../../state/routes.ts';
import { Screen } from '../../elements/screen.ts';
import '../../elements/install-hint.ts';
import '../../elements/notice.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-about-screen': FrAboutScreen;
  }
}

/** Help: how to use it, what the answers mean, when not to trust them, what happens to the pictures. */
@customElement('fr-about-screen')
export class FrAboutScreen extends Screen {
  static override styles = [
    ...Screen.styles,
    keyStyles,
    css`
      .two {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr));
        gap: var(--space-5);
      }

      .two > section {
        margin: 0;
      }

      ol,
      ul {
        display: grid;
        gap: var(--space-2);
        padding-inline-start: 1.3em;
      }

      .heading {
        display: flex;
        gap: var(--space-3);
        align-items: center;
      }

      .heading svg {
        color: var(--accent);
      }

      .stack {
        display: grid;
        gap: var(--space-5);
      }

      .stack > section {
        margin: 0;
      }

      .card > p {
        margin-block-start: var(--space-3);
      }
    `,
  ];

  protected override render(): unknown {
    return html`<div class="page stack">
      <div>
        <h1 tabindex="-1">${msg('Help')}</h1>
        <p class="lead quiet">
          ${msg(
            'Fieldray looks at a frontal chest X-ray and says which of four classes it most resembles, and how sure that is. Everything happens on this device.',
          )}
        </p>
      </div>
      <fr-notice tone="caution" heading=${msg('Not a medical device')}>
        ${msg(
          'It is decision support for research, teaching and supervised pilots. It knows four classes only: tuberculosis, fractures, tumors and much else it cannot name. A trained person must read every picture.',
        )}
      </fr-notice>
      <div class="two">
        ${this.renderUse()} ${this.renderMeaning()} ${this.renderTrust()} ${this.renderPrivacy()}
      </div>
      <section class="card keys-card" aria-labelledby="keys">
        <h2 id="keys">${msg('Keys and gestures in the viewer')}</h2>
        ${viewerHelp()}
      </section>
      <p class="quiet">
        <a href="third-party-notices.txt" target="_blank" rel="noopener"
          >${msg('The software it is built with, and its licenses')}</a
        >
      </p>
      <fr-install-hint .services=${this.services}></fr-install-hint>
    </div>`;
  }

  private renderUse(): unknown {
    return html`<section class="card" aria-labelledby="use">
      <h2 id="use" class="heading">${icon('open', 24)} ${msg('How to use it')}</h2>
      <ol>
        <li>
          ${msg('Choose one or more pictures, or drop, paste or share them to the app.')}
          ${msg(
            'It opens DICOM, PNG, JPEG, TIFF, WebP, AVIF, BMP, GIF, a PDF with one scanned X-ray, and ZIP archives, discs and folders of these.',
          )}
        </li>
        <li>
          ${msg(
            'If an iPhone photo does not open: Settings, Camera, Formats, “Most Compatible”, then take it again.',
          )}
        </li>
        <li>
          ${msg(
            'For a film: “Photograph film”, with the film on the light box and all four corners in the picture. A digital original is always better.',
          )}
        </li>
        <li>${msg('Look at the picture yourself first. Zoom, move, change the brightness.')}</li>
        <li>${msg('Read the result: what it most resembles, how sure, and the four bars.')}</li>
        <li>${msg('Decide as you would have without it, and ask when the two disagree.')}</li>
      </ol>
    </section>`;
  }

  private renderMeaning(): unknown {
    return html`<section class="card" aria-labelledby="meaning">
      <h2 id="meaning" class="heading">${icon('status', 24)} ${msg('What the answer means')}</h2>
      <ul>
        <li>
          ${msg(
            'The percentages are calibrated: of many answers given with 90 %, about nine in ten were right on pictures like those it was tested on.',
          )}
        </li>
        <li>
          ${msg('“Sure” is 90 % and more, “fairly sure” 60 % and more, below that “not sure”.')}
        </li>
        <li>
          ${msg('“Normal” means none of the other three classes, not that nothing is wrong.')}
        </li>
      </ul>
    </section>`;
  }

  private renderTrust(): unknown {
    return html`<section class="card" aria-labelledby="trust">
      <h2 id="trust" class="heading">${icon('caution', 24)} ${msg('When not to trust it')}</h2>
      <ul>
        <li>${msg('Side views, other body parts, CT slices, photographs of anything else.')}</li>
        <li>${msg('Rotated, mirrored, very dark, very bright or badly cut pictures.')}</li>
        <li>
          ${msg(
            'Pictures from machines and hospitals it has never seen: expect it to do worse there.',
          )}
        </li>
      </ul>
      <p><a href=${routeHash('model')}>${msg('The model card has all the figures.')}</a></p>
    </section>`;
  }

  private renderPrivacy(): unknown {
    return html`<section class="card" aria-labelledby="privacy">
      <h2 id="privacy" class="heading">
        ${icon('offline', 24)} ${msg('What happens to the pictures')}
      </h2>
      <ul>
        <li>${msg('They are read in this browser and never sent anywhere.')}</li>
        <li>${msg('Pictures and results are kept only until this tab is closed.')}</li>
        <li>
          ${msg('The app asks its server for two things only: updates of itself and the model.')}
        </li>
      </ul>
      <p><a href=${routeHash('status')}>${msg('The status page shows what is stored.')}</a></p>
    </section>`;
  }
}
