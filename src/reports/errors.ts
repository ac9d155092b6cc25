import { Fault } from '../base/fault.ts';

/** The text of a QR code is not one of ours, or was cut or changed. */
export class ReportTextInvalid extends Fault {
  readonly code = 'report-text-invalid';
  constructor() {
    super(
      'This code does not hold a result of Fieldray.',
      'Scan the square code in the corner of a printed Fieldray report, all of it.',
    );
  }
}

/** Written by a newer Fieldray. */
export class ReportTextTooNew extends Fault {
  readonly code = 'report-text-too-new';
  constructor() {
    super(
      'This report was printed by a newer version of Fieldray.',
      'Update Fieldray on this device, then scan the code again.',
    );
  }
}
