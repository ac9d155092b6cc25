/** What a result keeps when many have come after it: everything a list or an export says. */
import type { Lungs } from '../assurance/index.ts';
import type { DoneState } from './types.ts';

const NO_BYTES = new Uint8Array(0);
const NO_MASK = {
  side: 0,
  visible: NO_BYTES,
  whole: NO_BYTES,
  outlines: [],
} as const satisfies Partial<Lungs>;
const NO_NUMBERS = new Float32Array(0);

/** Results that keep everything; a reading's embedding alone is 5 kB. */
export const FULL_RESULTS = 32;

/** Without the numbers that only a look at the single picture needs: reading it again gives them. */
export function lighten(state: DoneState): DoneState {
  const { assurance } = state;
  return {
    ...state,
    light: true,
    reading: { ...state.reading, embedding: NO_NUMBERS, features: null, evidence: null },
    assurance: { ...assurance, why: null, lungs: { ...assurance.lungs, ...NO_MASK } },
  };
}
