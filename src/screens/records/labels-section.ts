import { msg } from '@lit/localize';
import { html } from 'lit';
import { customElement } from 'lit/decorators.js';
import { DeskPart } from '../../elements/desk/desk-part.ts';
import '../../elements/switch.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-labels-section': FrLabelsSection;
  }
}

/** Names on the screen: from the header or typed, shown or hidden, covered when nobody is there. */
@customElement('fr-labels-section')
export class FrLabelsSection extends DeskPart {
  protected override render(): unknown {
    const { fromHeader, hidden, coverAfter } = this.desk.settings.value;
    return html`<div class="card">
      <h2>${msg('Names on the screen')}</h2>
      <div class="fields">
        <fr-switch
          label=${msg('Take name and number from DICOM files')}
          note=${msg('The header of a DICOM file names the patient. With this on, the name is shown in the list, and kept, encrypted, where studies are kept. Off: it is never read into the list.')}
          .checked=${fromHeader === true}
          @switch-turned=${(event: CustomEvent<boolean>) =>
            this.desk.set({ fromHeader: event.detail })}
        ></fr-switch>
        <fr-switch
          label=${msg('Hide names in lists')}
          note=${msg('Lists then show dots and the end of the number: ••• 4711.')}
          .checked=${hidden}
          @switch-turned=${(event: CustomEvent<boolean>) => this.desk.set({ hidden: event.detail })}
        ></fr-switch>
        <fr-switch
          label=${msg('Cover the screen when nobody is there')}
          .checked=${coverAfter !== null}
          @switch-turned=${(event: CustomEvent<boolean>) =>
            this.desk.set({ coverAfter: event.detail ? 5 : null })}
        ></fr-switch>
        <label class="field" ?hidden=${coverAfter === null}
          ><span>${msg('After (minutes without a touch)')}</span>
          <input
            class="short"
            type="number"
            min="1"
            max="240"
            .value=${String(coverAfter ?? 5)}
            @change=${this.onMinutes}
          />
        </label>
      </div>
    </div>`;
  }

  private readonly onMinutes = (event: Event): void => {
    const minutes = Math.round(Number((event.target as HTMLInputElement).value));
    if (minutes >= 1 && minutes <= 240) this.desk.set({ coverAfter: minutes });
  };
}
