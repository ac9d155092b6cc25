import { OVERRIDABLE } from '../radiograph/types.ts';
import type { Case } from './types.ts';

const CODES: readonly string[] = OVERRIDABLE;

/** Refused only because of what its header says: the user may know better. */
export function canReadAnyway({ state, source }: Case): boolean {
  return source !== null && state.phase === 'failed' && CODES.includes(state.fault.code);
}
