import { msg } from '@lit/localize';
import { html, nothing } from 'lit';
import type { ReactiveController } from 'lit';
import { icon } from '../../elements/icons.ts';
import type { Screen } from '../../elements/screen.ts';
import type { Case } from '../../session/types.ts';
import type { PatientDesk } from '../../state/patients/patient-desk.ts';
import { labelWords } from '../../words/patient-words.ts';

/** What a person does here that the screen has to follow. */
export interface PatientWishes {
  onPictures(): void;
  /** A next patient was made: the list is where they are seen. */
  onNext(): void;
}

/** Whose pictures the read screen shows. Its code comes with the first patient, not with the screen. */
export class ReadPatients implements ReactiveController {
  /** Null until patients are told apart. */
  desk: PatientDesk | null = null;
  readonly #host: Screen;
  readonly #wishes: PatientWishes;
  #ends: (() => void)[] = [];

  constructor(host: Screen, wishes: PatientWishes) {
    this.#host = host;
    this.#wishes = wishes;
    host.addController(this);
  }

  hostConnected(): void {
    const { part } = this.#host.services.patients;
    this.#ends = [part.listen(() => void this.#follow())];
    if (part.value) void this.#follow();
  }

  hostDisconnected(): void {
    for (const end of this.#ends.splice(0)) end();
    this.desk = null;
  }

  /** Whose picture it is, for lists; empty until patients are told apart. */
  readonly labelOf = ({ id }: Case): string => {
    const patient = this.desk?.patients.ofPicture(id);
    return patient ? labelWords(patient.label, this.desk?.settings.value.hidden) : '';
  };

  /** The network's answer is hidden until the reader has spoken. */
  readonly isBlind = ({ id }: Case): boolean => this.desk?.isBlind(id) ?? false;

  /** The way to the first patient; after that the bar has it. */
  renderNext(): unknown {
    if (this.desk) return nothing;
    return html`<button class="button" type="button" @click=${this.#next}>
      ${icon('patient', 20)} ${msg('Next patient')}
    </button>`;
  }

  renderBar(): unknown {
    const { desk } = this;
    if (!desk) return nothing;
    return html`<fr-patient-bar
        .desk=${desk}
        @pictures-wanted=${() => this.#wishes.onPictures()}
      ></fr-patient-bar>
      ${
        desk.keeper.before.value.length > 0
          ? html`<fr-before-list .desk=${desk}></fr-before-list>`
          : nothing
      }`;
  }

  renderLabel({ id }: Case): unknown {
    const patient = this.desk?.patients.ofPicture(id);
    if (!patient) return nothing;
    return html`<fr-label-button .desk=${this.desk} .patient=${patient}></fr-label-button>`;
  }

  readonly #next = async (): Promise<void> => {
    const desk = await this.#host.services.patients.get();
    desk.nextPatient();
    this.#wishes.onNext();
  };

  async #follow(): Promise<void> {
    const [desk] = await Promise.all([
      this.#host.services.patients.get(),
      import('./patient-bar.ts'),
    ]);
    if (!this.#host.isConnected || this.desk === desk) return;
    const again = (): void => this.#host.requestUpdate();
    this.#ends.push(
      desk.patients.list.listen(again),
      desk.settings.listen(again),
      desk.spoken.listen(again),
      desk.records.state.listen(again),
      desk.keeper.before.listen(again),
    );
    this.desk = desk;
    again();
  }
}
