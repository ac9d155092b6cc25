import type { Assurance } from '../../assurance/types.ts';
import type { Case } from '../../session/types.ts';

/** What is said of a picture once it is read; null before. */
export function assuranceOf({ state }: Case): Assurance | null {
  return state.phase === 'done' ? state.assurance : null;
}
