import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { FieldrayElement } from '../../elements/base.ts';
import { baseStyles, buttonStyles } from '../../elements/styles.ts';
import type { ModelSetup, ModelState, Renewal } from '../../state/model-setup.ts';
import { formatShare } from '../../words/format.ts';
import '../../elements/notice.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-model-banner': FrModelBanner;
  }
}

/** An update of the app left an earlier model on the device: what reads now, and what comes. */
@customElement('fr-model-banner')
export class FrModelBanner extends FieldrayElement {
  static override styles = [baseStyles, buttonStyles];

  /** Its code comes after the shell drew it: until its first update nothing is set. */
  @property({ attribute: false }) setup!: ModelSetup;
  @property({ attribute: false }) state!: ModelState;

  protected override render(): unknown {
    const { state } = this;
    if (state.phase !== 'ready' || !state.renewal) return nothing;
    const { version } = state.model.manifest;
    return html`<fr-notice
      tone="caution"
      announce="status"
      heading=${msg('The app needs a newer model')}
    >
      ${msg(
        str`Until it is here, pictures are read with the earlier model (version ${version}), which is more often wrong in a hospital it does not know.`,
      )}
      ${this.renderRenewal(state.renewal)}
    </fr-notice>`;
  }

  private renderRenewal(renewal: Renewal): unknown {
    switch (renewal.state) {
      case 'working': {
        const { bytesDone = 0, bytesTotal = 0 } = renewal.progress ?? {};
        return bytesTotal > 0
          ? msg(str`It is being fetched: ${formatShare(bytesDone / bytesTotal)}.`)
          : msg('It is being fetched.');
      }
      case 'waiting':
        return html`${msg('It comes by itself when this device has a network.')}
        ${renewal.fault ? renewal.fault.message : nothing} ${this.renderButton(msg('Try now'))}`;
      case 'asked-for':
        return html`${msg(
          'The model adapted at this site was made from the earlier one: it goes out of use with it, and has to be trained anew.',
        )}
        ${this.renderButton(msg('Get the newer model'))}`;
    }
  }

  private renderButton(words: string): unknown {
    return html`<div slot="actions">
      <button class="button" type="button" @click=${() => void this.setup.renew(true)}>
        ${words}
      </button>
    </div>`;
  }
}
