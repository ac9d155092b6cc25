import { Fault } from '../fault.ts';
import type { FaultData } from '../fault.ts';

/** A fault that came over a worker border: the same code and words, the class itself stayed behind. */
export class WireFault extends Fault {
  readonly code: string;
  constructor(data: FaultData) {
    super(data.message, data.remedy);
    this.code = data.code;
  }
}
