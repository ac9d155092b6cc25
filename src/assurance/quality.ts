/**
 * Is the picture good enough? Findings from the pixels' measures, from the probes and from the lung
 * map. The limits below are set so that the radiographs of the training data (224 px, all classes)
 * stay on the good side in 98 of 100; those of probes and lungs come from the manifest.
 */
import type { GateProjection } from '../inference/types.ts';
import type { Lungs as LungContract, Quality } from '../model/index.ts';
import type { PictureMeasures, PictureRect } from '../preprocess/types.ts';
import { combineAdjustments } from '../radiograph/index.ts';
import type { Adjustment } from '../radiograph/types.ts';
import { scoreOf } from './gate.ts';
import type { LungFeatures } from '../preprocess/index.ts';
import { probe } from './probes.ts';
import type { Lungs, QualityFinding, Remedy } from './types.ts';

export const LIMITS = {
  /** Median brightness. */
  dark: 0.22,
  bright: 0.82,
  /** Share of pixels at the very top of the range. */
  burnt: 0.25,
  /** Different values. */
  grayLevels: 32,
  /** Pixels on the shorter side. */
  resolution: 128,
  /** See PictureMeasures.sharpness. */
  sharpness: 1.45,
  /** Share of the picture that is border. */
  border: 0.2,
} as const;

export interface QualityInput {
  readonly measures: PictureMeasures;
  readonly width: number;
  readonly height: number;
  readonly gate: GateProjection | null;
  readonly probes: Quality | null;
  readonly lungs: Lungs;
  /** Null where there is no map. */
  readonly features: LungFeatures | null;
  readonly contract: LungContract | null;
  /** How the picture was read; remedies go on top of it. */
  readonly adjust: Adjustment | null;
}

/** In the order in which they are best put right: a turn is seen better after the border is gone. */
export function qualityOf(input: QualityInput): QualityFinding[] {
  const orientation = orientationFindings(input);
  const amiss = orientation.some(({ severity }) => severity === 'serious');
  return [
    ...orientation,
    ...borderFinding(input),
    ...(amiss ? [] : cutOffFinding(input)),
    ...letteringFinding(input),
    ...toneFindings(input),
    ...detailFindings(input),
  ];
}

function finding(
  code: QualityFinding['code'],
  severity: QualityFinding['severity'],
  measured: number,
  limit: number,
  more: Partial<Pick<QualityFinding, 'remedy' | 'places'>> = {},
): QualityFinding {
  return { code, severity, measured, limit, remedy: null, places: [], ...more };
}

function orientationFindings({ gate, probes, lungs, adjust }: QualityInput): QualityFinding[] {
  if (!gate || !probes) return [];
  // The probes know chests alone: of a photo or a knee they would say that it lies on its side.
  if (lungs.state === 'not-found') return [];
  const found: QualityFinding[] = [];
  const result = probe(gate, probes);
  if (result.turned !== 0) {
    const by = (360 - result.turned) as 90 | 180 | 270;
    const remedy: Remedy = {
      kind: 'rotate',
      by,
      adjust: combineAdjustments(adjust, { rotate: by }),
    };
    const { threshold } = probes.orientation;
    found.push(finding('rotated', 'serious', result.turnedProbability, threshold, { remedy }));
  }
  if (result.inverted) {
    const remedy: Remedy = {
      kind: 'invert',
      adjust: combineAdjustments(adjust, { invert: true }),
    };
    const { threshold } = probes.inverted;
    found.push(finding('inverted', 'serious', result.invertedProbability, threshold, { remedy }));
  }
  // Of a turned picture the probe cannot say left from right.
  if (result.mirrored && result.turned === 0) {
    const limit = probes.mirrored?.threshold ?? 1;
    found.push(finding('mirrored', 'hint', result.mirroredProbability, limit));
  }
  return found;
}

function borderFinding({ measures, adjust }: QualityInput): QualityFinding[] {
  const rect = measures.content;
  const share = 1 - rect.width * rect.height;
  if (!(share > LIMITS.border)) return [];
  const remedy: Remedy = {
    kind: 'crop',
    rect,
    adjust: combineAdjustments(adjust, { crop: rect }),
  };
  return [finding('border', 'caution', share, LIMITS.border, { remedy })];
}

/** Of a picture that is turned or inverted first: lungs that lie on their side are not where they should be. */
function cutOffFinding({ lungs, features, contract }: QualityInput): QualityFinding[] {
  if (lungs.state !== 'found' || !features || !contract) return [];
  const { border: limit, cutOff: rule } = contract.limits;
  const measured = rule ? scoreOf(rule, features) : features.border;
  const cut = rule ? !(measured >= rule.threshold) : measured > limit;
  return cut ? [finding('lungs-cut-off', 'caution', measured, rule?.threshold ?? limit)] : [];
}

function letteringFinding({ lungs, measures }: QualityInput): QualityFinding[] {
  if (lungs.state !== 'found') return [];
  const places = measures.lettering.filter((rect) => touches(rect, lungs));
  return places.length > 0
    ? [finding('text-over-lungs', 'caution', places.length, 0, { places })]
    : [];
}

/** Whether any of the lung lies under the rectangle. */
function touches(rect: PictureRect, { whole, side }: Lungs): boolean {
  const from = Math.floor(rect.x * side);
  const to = Math.ceil((rect.x + rect.width) * side);
  for (let y = Math.floor(rect.y * side); y < (rect.y + rect.height) * side; y++) {
    for (let x = from; x < to; x++) if (whole[y * side + x]) return true;
  }
  return false;
}

function toneFindings({ measures }: QualityInput): QualityFinding[] {
  const { middle, clippedBright } = measures;
  if (middle < LIMITS.dark) return [finding('too-dark', 'caution', middle, LIMITS.dark)];
  if (middle > LIMITS.bright) return [finding('too-bright', 'caution', middle, LIMITS.bright)];
  if (clippedBright > LIMITS.burnt) {
    return [finding('too-bright', 'caution', clippedBright, LIMITS.burnt)];
  }
  return [];
}

function detailFindings({ measures, width, height }: QualityInput): QualityFinding[] {
  const found: QualityFinding[] = [];
  const { grayLevels, sharpness } = measures;
  const shorter = Math.min(width, height);
  if (grayLevels !== null && grayLevels < LIMITS.grayLevels) {
    found.push(finding('few-gray-levels', 'caution', grayLevels, LIMITS.grayLevels));
  }
  if (shorter < LIMITS.resolution) {
    found.push(finding('low-resolution', 'caution', shorter, LIMITS.resolution));
  }
  if (sharpness < LIMITS.sharpness) {
    found.push(finding('blurred', 'caution', sharpness, LIMITS.sharpness));
  }
  return found;
}
