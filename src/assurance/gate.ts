/** Is it a frontal chest radiograph at all? The arithmetic is in src/model/manifest/assurance.ts. */
import type { GateProjection } from '../inference/types.ts';
import type { Gate, GateRule } from '../model/index.ts';
import type { LungFeatures } from '../preprocess/index.ts';
import type { GateResult } from './types.ts';

export const UNCHECKED: GateResult = {
  state: 'unchecked',
  groups: [],
  distances: [],
  score: Number.NaN,
  threshold: Number.NaN,
  rule: null,
};

/**
 * With the lung map's features where there are any, else by the embedding alone.
 * @param lungs null: the lung network is off, absent, or failed
 */
export function gateOf(
  projection: GateProjection | null,
  lungs: LungFeatures | null,
  gate: Gate | null,
): GateResult {
  if (!projection || !gate) return UNCHECKED;
  const joined = lungs ? gate.rules.joined : undefined;
  const rule = joined ?? gate.rules.embedding;
  const score = scoreOf(rule, {
    distance: Math.min(...projection.distances),
    residual: projection.residual,
    probe: gate.probeRow === undefined ? 0 : projection.values[gate.probeRow],
    ...(lungs ?? NO_LUNGS),
  });
  return {
    // Written so that a NaN is refused.
    state: score >= rule.threshold ? 'passed' : 'refused',
    groups: gate.groups,
    distances: projection.distances,
    score,
    threshold: rule.threshold,
    rule: joined ? 'joined' : 'embedding',
  };
}

/** What an empty map has (LungsSchema). */
const NO_LUNGS: Omit<LungFeatures, 'border'> = {
  area: 0,
  balance: 0,
  middle: 0,
  centerX: 0,
  centerY: 0,
  spreadX: 0,
  spreadY: 0,
  certainty: 0,
};

/** @param rule of the gate, or any other of its form */
export function scoreOf<Feature extends string>(
  rule: Omit<GateRule, 'terms'> & {
    readonly terms: readonly (Omit<GateRule['terms'][number], 'feature'> & {
      readonly feature: Feature;
    })[];
  },
  values: Readonly<Record<Feature, number>>,
): number {
  return rule.terms.reduce((sum, { feature, power, center, scale, weight }) => {
    const standard = (values[feature] - center) / scale;
    return sum + weight * Math.min(rule.limit, Math.max(-rule.limit, standard)) ** power;
  }, rule.bias);
}
