import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { faultDataOf } from '../../session/index.ts';
import { Screen } from '../../elements/screen.ts';
import { ActionError } from '../../state/errors.ts';
import '../../elements/notice.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-update-banner': FrUpdateBanner;
  }
}

/** Offers a new version of the app; nothing happens without a tap, and never while pictures are read. */
@customElement('fr-update-banner')
export class FrUpdateBanner extends Screen {
  /** A picture is being looked at: the offer waits until the person is back at the list. */
  @property({ type: Boolean }) busy = false;

  @state() private later = false;
  @state() private problem = '';

  protected override listen(): (() => void)[] {
    const { platform, session } = this.services;
    return [
      platform.updates.onState(() => this.requestUpdate()),
      session.subscribe(() => this.requestUpdate()),
    ];
  }

  protected override willUpdate(): void {
    const { phase } = this.services.platform.updates.state;
    this.hidden = phase !== 'offered' || this.later || this.busy;
  }

  protected override render(): unknown {
    if (this.hidden) return nothing;
    const { offeredVersion } = this.services.platform.updates.state;
    const { size: open, progress } = this.services.session;
    return html`<fr-notice
      announce="status"
      heading=${
        offeredVersion
          ? msg(str`Version ${offeredVersion} is ready`)
          : msg('A new version is ready')
      }
    >
      ${
        this.problem ||
        (progress.running
          ? msg('It can be taken when the pictures are done.')
          : open > 0
            ? msg(str`Taking it closes the ${open} open pictures and their results.`)
            : msg('Taking it needs a few seconds.'))
      }
      <div slot="actions">
        <button class="button" type="button" ?disabled=${progress.running} @click=${this.take}>
          ${open > 0 ? msg('Close the pictures and update') : msg('Update now')}
        </button>
        <button class="button bare" type="button" @click=${() => (this.later = true)}>
          ${msg('Later')}
        </button>
      </div>
    </fr-notice>`;
  }

  private readonly take = async (): Promise<void> => {
    this.services.session.clear();
    // The list's listeners let go of their hold on updates first.
    await new Promise((resolve) => setTimeout(resolve));
    try {
      await this.services.platform.updates.apply();
    } catch (reason) {
      const fault = faultDataOf(reason, () => new ActionError(reason));
      this.problem = `${fault.message} ${fault.remedy}`;
    }
  };
}
