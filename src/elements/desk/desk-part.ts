import { property, state } from 'lit/decorators.js';
import type { FaultData } from '../../base/fault.ts';
import { FieldrayElement } from '../base.ts';
import { baseStyles, buttonStyles, pageStyles } from '../styles.ts';
import { faultDataOf } from '../../session/index.ts';
import { ActionError } from '../../state/errors.ts';
import type { PatientDesk } from '../../state/patients/patient-desk.ts';
import { formStyles } from './form-styles.ts';

/** A part of a page about patients and kept studies: follows them, and says what did not work. */
export class DeskPart extends FieldrayElement {
  static override styles = [baseStyles, buttonStyles, pageStyles, formStyles];

  @property({ attribute: false }) desk!: PatientDesk;

  @state() protected fault: FaultData | null = null;
  @state() protected busy = false;
  private ends: (() => void)[] = [];

  /** What to follow besides the state of the kept studies. */
  protected follow(): (() => void)[] {
    return [];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const again = (): void => this.requestUpdate();
    this.ends = [
      this.desk.records.state.listen(again),
      this.desk.settings.listen(again),
      ...this.follow(),
    ];
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const end of this.ends.splice(0)) end();
  }

  /** One thing at a time. @returns whether it worked */
  protected async attempt(task: () => Promise<unknown>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.fault = null;
    try {
      await task();
      return true;
    } catch (reason) {
      this.fault = faultDataOf(reason, () => new ActionError(reason));
      return false;
    } finally {
      this.busy = false;
    }
  }
}
