import { assess } from '../../../src/assurance/index.ts';
import type { Assurance, Lungs, Priors, QualityFinding } from '../../../src/assurance/index.ts';
import type { Reading } from '../../../src/inference/types.ts';
import { CLASS_LABELS } from '../../../src/model/index.ts';
import type { Case } from '../../../src/session/types.ts';

const EVEN: Priors = [0.25, 0.25, 0.25, 0.25];

/** Logits that are the logarithms of these shares: at temperature 1 the shares come back. */
function logitsOf(shares: readonly number[]): Float32Array {
  return Float32Array.from(shares, Math.log);
}

export function aReading(shares: readonly number[], part: Partial<Reading> = {}): Reading {
  return {
    logits: logitsOf(shares),
    embedding: new Float32Array(1280),
    features: null,
    evidence: null,
    seen: { state: 'whole', rect: { x: 0, y: 0, width: 1, height: 1 } },
    adjust: null,
    picture: {
      width: 512,
      height: 480,
      bitsStored: 12,
      format: 'png',
      attributes: {},
      warnings: [],
    },
    thumbnail: null,
    backend: 'wasm',
    modelId: 'test-network',
    modelVersion: '1.2.3',
    timings: { decode: 12, preprocess: 3, inference: 31, examination: 4, total: 50 },
    recovery: null,
    ...part,
  };
}

/** Two squares where lungs are; only their outlines are looked at here. */
export const LUNGS: Lungs = {
  state: 'found',
  detail: null,
  side: 4,
  visible: new Uint8Array(16),
  whole: new Uint8Array(16),
  outlines: [
    [0.15, 0.2, 0.42, 0.2, 0.42, 0.8, 0.15, 0.8],
    [0.58, 0.2, 0.85, 0.2, 0.85, 0.8, 0.58, 0.8],
  ],
  area: 0.324,
  border: 0,
};

/** A picture of which nothing is wrong, with probabilities in the order of CLASS_LABELS. */
export function anAssurance(shares: readonly number[], part: Partial<Assurance> = {}): Assurance {
  const assessment = assess(logitsOf(shares), 1);
  const maps = new Float32Array(4 * 49);
  // All evidence for the most resembled class in one place, a little left of the middle.
  maps[assessment.top * 49 + 23] = 5;
  return {
    schema: 1,
    modelId: 'test-network',
    modelVersion: '1.2.3',
    labels: CLASS_LABELS,
    adapted: null,
    adjust: null,
    refusal: null,
    gate: {
      state: 'passed',
      groups: [...CLASS_LABELS, 'Other abnormal'],
      distances: [5.11, 6.22, 7.33, 8.44, 9.55],
      score: 2.71,
      threshold: 0.42,
      rule: 'joined',
    },
    quality: [],
    cautions: [],
    assessment,
    uncorrected: assessment.probabilities,
    priors: { assumed: EVEN, stated: EVEN, applied: false },
    set: { coverage: 0.9, labels: [assessment.label], completed: false },
    sets: [
      { coverage: 0.9, labels: [assessment.label], completed: false },
      { coverage: 0.95, labels: [assessment.label], completed: false },
    ],
    decisions: [],
    triage: null,
    stability: { state: 'stable', difference: 0.021, copies: [[...shares], [...shares]] },
    fit: { kind: 'known-hospitals', pictures: null },
    why: {
      side: 7,
      rect: { x: 0, y: 0, width: 1, height: 1 },
      maps,
      biases: [0, 0, 0, 0],
      insideLungs: [0.91, null, 0.4, 0.2],
    },
    lungs: LUNGS,
    ...part,
  };
}

/** A finding of quality with the caution that goes with it. */
export function aFinding(
  part: Pick<QualityFinding, 'code' | 'severity'> & Partial<QualityFinding>,
): QualityFinding {
  return { measured: 0.9, limit: 0.5, remedy: null, places: [], ...part };
}

/** A picture that was read, with what is said of it. */
export function aCase(assurance: Assurance, shares: readonly number[], id = 'case-1'): Case {
  return {
    id,
    order: 1,
    name: 'chest 7.png',
    source: new Blob(),
    thumbnail: null,
    adjust: assurance.adjust,
    state: {
      phase: 'done',
      light: false,
      reading: aReading(shares),
      assessment: assurance.assessment,
      assurance,
    },
  };
}
