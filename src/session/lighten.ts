/**
 * What a result keeps when many have come after it: what a list says of it, about half a kilobyte.
 * The rest is measured again when the picture is opened (`ReadingSession.select`).
 */
import type { Assurance } from '../assurance/index.ts';
import type { Reading } from '../inference/types.ts';
import type { DoneState } from './types.ts';

/** Results that keep everything; a reading's embedding alone is 5 kB, its maps and masks as much. */
export const FULL_RESULTS = 32;

/** Different parts that are kept once for all that share them, at most. */
const MOST_SHARED = 500;
const NO_NUMBERS = new Float32Array(0);
const NO_BYTES = new Uint8Array(0);
const NO_TIME = { decode: 0, preprocess: 0, inference: 0, examination: 0, total: 0 } as const;

const shared = new Map<string, unknown>();

/** Plain data that is alike in most results is one object for all of them. */
function share<T>(value: T): T {
  const key = JSON.stringify(value);
  const known = shared.get(key);
  if (known !== undefined) return known as T;
  if (shared.size >= MOST_SHARED) shared.clear();
  shared.set(key, value);
  return value;
}

export function lighten(state: DoneState): DoneState {
  const { assessment } = state;
  return {
    phase: 'done',
    light: true,
    reading: lightReading(state.reading),
    assessment,
    assurance: lightAssurance(state.assurance),
  };
}

const readings = new Map<string, Reading>();

function lightReading(reading: Reading): Reading {
  const { picture, backend, modelId, modelVersion, adjust, recovery, seen } = reading;
  const told = { picture, backend, modelId, modelVersion, adjust, recovery, seen: seenOf(seen) };
  const key = JSON.stringify(told);
  let light = readings.get(key);
  if (!light) {
    light = {
      ...told,
      logits: NO_NUMBERS,
      embedding: NO_NUMBERS,
      features: null,
      evidence: null,
      thumbnail: null,
      timings: NO_TIME,
    };
    if (readings.size >= MOST_SHARED) readings.clear();
    readings.set(key, light);
  }
  return light;
}

/** Where exactly the lungs were is one of the figures that go. */
function seenOf(seen: Reading['seen']): Reading['seen'] {
  return { ...seen, rect: { x: 0, y: 0, width: 1, height: 1 } };
}

/** Refusal, cautions, set, triage and probabilities stay; figures behind them go. */
function lightAssurance(full: Assurance): Assurance {
  const { lungs } = full;
  return {
    ...full,
    modelId: share(full.modelId),
    modelVersion: share(full.modelVersion),
    refusal: share(full.refusal),
    gate: { ...share({ ...full.gate, distances: [], score: 0 }), score: full.gate.score },
    quality: share([]),
    cautions: share(full.cautions),
    uncorrected: full.assessment.probabilities,
    priors: share(full.priors),
    set: share(full.set),
    sets: share(full.sets),
    // The states are what exports list; the figures would make each of them another one.
    decisions: share(full.decisions.map((decision) => ({ ...decision, score: 0 }))),
    stability: share({ ...full.stability, difference: 0, copies: [] }),
    why: null,
    lungs: lightLungs(lungs.state),
  };
}

const lungStates = new Map<Assurance['lungs']['state'], Assurance['lungs']>();

function lightLungs(state: Assurance['lungs']['state']): Assurance['lungs'] {
  let light = lungStates.get(state);
  if (!light) {
    light = {
      state,
      detail: null,
      side: 0,
      visible: NO_BYTES,
      whole: NO_BYTES,
      outlines: [],
      area: 0,
      border: 0,
    };
    lungStates.set(state, light);
  }
  return light;
}
