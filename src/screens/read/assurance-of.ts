import type { Assurance, Priors } from '../../assurance/types.ts';
import type { Case } from '../../study/types.ts';

const EVEN: Priors = [0.25, 0.25, 0.25, 0.25];

/** What is said of a picture once it is read; null before. */
export function assuranceOf({ state }: Case): Assurance | null {
  if (state.phase !== 'done') return null;
  if ('assurance' in state) return state.assurance as Assurance;
  const { reading, assessment } = state;
  return {
    schema: 1,
    modelId: reading.modelId,
    modelVersion: reading.modelVersion,
    adjust: null,
    refusal: null,
    gate: {
      state: 'unchecked',
      groups: [],
      distances: [],
      score: Number.NaN,
      threshold: Number.NaN,
      rule: null,
    },
    quality: [],
    cautions: [],
    assessment,
    uncorrected: assessment.probabilities,
    priors: { assumed: EVEN, stated: EVEN, applied: false },
    set: null,
    sets: [],
    decisions: [],
    triage: null,
    stability: { state: 'off', difference: Number.NaN, copies: [] },
    why: null,
    lungs: {
      state: 'none-in-model',
      detail: null,
      side: 0,
      visible: new Uint8Array(),
      whole: new Uint8Array(),
      outlines: [],
      area: 0,
      border: 0,
    },
  };
}
