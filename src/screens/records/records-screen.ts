import { msg, str } from '@lit/localize';
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { FaultData } from '../../base/fault.ts';
import { icon } from '../../elements/icons.ts';
import { Screen } from '../../elements/screen.ts';
import { faultDataOf } from '../../session/index.ts';
import { ActionError } from '../../state/errors.ts';
import type { PatientDesk } from '../../state/patients/patient-desk.ts';
import { faultNotice } from '../../elements/desk/fault-notice.ts';
import './audit-section.ts';
import './backup-section.ts';
import './erase-section.ts';
import './kept-section.ts';
import './labels-section.ts';
import './readers-section.ts';
import './recovery-key.ts';
import './set-up-form.ts';
import '../../elements/desk/unlock-form.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-records-screen': FrRecordsScreen;
  }
}

/** Kept studies: turns them on, unlocks them, says what is stored, and erases it. */
@customElement('fr-records-screen')
export class FrRecordsScreen extends Screen {
  static override styles = [
    ...Screen.styles,
    css`
      .parts {
        display: grid;
        gap: var(--space-5);
        margin-block-start: var(--space-5);
      }

      fr-kept-section {
        display: grid;
        gap: var(--space-5);
      }

      .now {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-3);
        align-items: center;
        justify-content: space-between;
      }

      .how {
        max-inline-size: var(--measure);
        margin-block: var(--space-4) var(--space-5);
        padding-inline-start: 1.25em;
      }

      .how li + li {
        margin-block-start: var(--space-2);
      }
    `,
  ];

  @state() private desk: PatientDesk | null = null;
  @state() private fault: FaultData | null = null;
  /** Shown once, right after it was made. */
  @state() private recoveryKey = '';
  @state() private news = '';
  private end: (() => void) | null = null;

  protected override listen(): (() => void)[] {
    void this.open();
    return [() => this.end?.()];
  }

  protected override render(): unknown {
    return html`<div class="page">
      <h1 tabindex="-1">${msg('Kept studies')}</h1>
      ${faultNotice(this.fault)}
      <p class="visually-hidden" role="status">${this.news}</p>
      ${this.desk ? this.renderPhase(this.desk) : nothing}
    </div>`;
  }

  private renderPhase(desk: PatientDesk): unknown {
    if (this.recoveryKey !== '') {
      return html`<fr-recovery-key
        .key=${this.recoveryKey}
        @key-noted=${() => (this.recoveryKey = '')}
      ></fr-recovery-key>`;
    }
    const state = desk.records.state.value;
    switch (state?.phase) {
      case undefined:
        return html`<p class="quiet" role="status">${msg('Opening…')}</p>`;
      case 'off':
        return html`${this.renderHow()}
          <div class="parts">
            <div class="card">
              <h2>${msg('Turn it on')}</h2>
              <fr-set-up-form
                .desk=${desk}
                @records-set-up=${(event: CustomEvent<string>) => (this.recoveryKey = event.detail)}
              ></fr-set-up-form>
            </div>
            <fr-labels-section .desk=${desk}></fr-labels-section>
          </div>`;
      case 'locked':
        return html`<div class="parts">
          <div class="card">
            <h2>${msg('Locked')}</h2>
            <fr-unlock-form .desk=${desk}></fr-unlock-form>
          </div>
          ${this.renderErase(desk)}
        </div>`;
      case 'unlocked':
        return this.renderUnlocked(desk);
    }
  }

  private renderHow(): unknown {
    return html`<p class="lead">
        ${msg('Yesterday’s result today: studies with their patient, result and the readers’ words, encrypted on this device.')}
      </p>
      <ul class="how">
        <li>${msg('Nothing is kept until you turn it on here.')}</li>
        <li>
          ${msg('Only a reader with a passphrase can open them. Nothing leaves this device.')}
        </li>
        <li>${msg('They delete themselves after the days you set.')}</li>
      </ul>`;
  }

  private renderUnlocked(desk: PatientDesk): unknown {
    const { reader } = desk.records;
    return html`<div class="now">
        <p>
          ${
            reader
              ? msg(str`Unlocked by ${reader.name}. Everything opened from now on is kept.`)
              : msg('Unlocked with the recovery key. Add a reader with a new passphrase below.')
          }
        </p>
        <button class="button" type="button" @click=${() => void desk.records.lock()}>
          ${icon('lock', 20)} ${msg('Lock now')}
        </button>
      </div>
      <div class="parts">
        <fr-kept-section .desk=${desk}></fr-kept-section>
        <fr-readers-section .desk=${desk}></fr-readers-section>
        <fr-labels-section .desk=${desk}></fr-labels-section>
        <fr-backup-section .desk=${desk}></fr-backup-section>
        <fr-audit-section .desk=${desk}></fr-audit-section>
        ${this.renderErase(desk)}
      </div>`;
  }

  private renderErase(desk: PatientDesk): unknown {
    return html`<fr-erase-section
      .desk=${desk}
      @records-erased=${() => (this.news = msg('Everything is erased. The key is destroyed.'))}
    ></fr-erase-section>`;
  }

  private async open(): Promise<void> {
    try {
      const desk = await this.services.patients.get();
      this.end = desk.records.state.listen(() => this.requestUpdate());
      this.desk = desk;
      await desk.records.refresh();
    } catch (reason) {
      this.fault = faultDataOf(reason, () => new ActionError(reason));
    }
  }
}
