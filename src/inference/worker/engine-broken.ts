import type { Fault } from '../../base/fault.ts';
import { DeviceLost } from '../errors.ts';

/** The engine is no longer to be trusted; `fault` says why. */
export class EngineBroken extends Error {
  readonly fault: Fault;
  constructor(fault: Fault) {
    super(fault.message, { cause: fault });
    this.name = 'EngineBroken';
    this.fault = fault;
  }
}

/** Whatever the graphics processor complains of: it is not to be used any more. */
export function gpuFault(error: unknown): Fault {
  return new DeviceLost(error instanceof Error ? error.message : String(error));
}
