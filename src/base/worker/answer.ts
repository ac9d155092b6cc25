/** What a worker answers to a call. */
import { Fault } from '../fault.ts';
import type { FaultData } from '../fault.ts';

/** Errors travel as data: structured clone drops classes. */
export type Answer<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: FaultData };

/** In the worker: a result, or its failure as data; `otherwise` names what is no Fault yet. */
export async function answer<T>(
  work: () => T | Promise<T>,
  otherwise: (reason: unknown) => Fault,
): Promise<Answer<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (reason) {
    const fault = reason instanceof Fault ? reason : otherwise(reason);
    return { ok: false, fault: fault.toData() };
  }
}
