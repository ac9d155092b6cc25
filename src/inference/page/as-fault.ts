import { Fault } from '../../base/fault.ts';
import { CarriedFault, EngineFailed } from '../errors.ts';
import { WorkerBroken } from './worker-client.ts';

/** Whatever was thrown, as something a person can be told. */
export function asFault(error: unknown): Fault {
  if (error instanceof Fault) return error;
  if (error instanceof WorkerBroken) return new CarriedFault(error.fault.toData());
  return new EngineFailed(error instanceof Error ? error.message : String(error), { cause: error });
}
