/** One reading, judged from every side. */
import type { Evidence, Examination, Reading } from '../inference/types.ts';
import { CLASS_LABELS } from '../model/index.ts';
import { assess, assessmentOf, softmax } from './calibration.ts';
import { cautionsOf } from './cautions.ts';
import { predictionSets } from './conformal.ts';
import { fitOf } from './fit.ts';
import { gateOf } from './gate.ts';
import { lungsOf } from './lungs.ts';
import { decide, triageOf } from './decision.ts';
import { correctPriors, priorCorrection } from './priors.ts';
import { qualityOf } from './quality.ts';
import { LEAST_RANGE, LEAST_SIDE, refusal } from './refusals.ts';
import { stabilityOf } from './stability.ts';
import type {
  Assurance,
  AssuranceSettings,
  GateResult,
  JudgingModel,
  Priors,
  Refusal,
} from './types.ts';
import { whyOf } from './why.ts';

/**
 * Everything the app says of one picture. Plain data; cheap enough (about a millisecond) to be made
 * anew when the settings change.
 * @param reading with evidence (an examination was asked for); without it only the calibration is told
 * @param model that made the reading
 * @throws LogitsUnusable if the network's answer is none
 */
export function assure(
  reading: Reading,
  settings: AssuranceSettings,
  model: JudgingModel,
): Assurance {
  const { evidence } = reading;
  const { labels } = model;
  const section = model.assurance ?? null;
  const contract = section?.lungs ?? null;
  const fit = fitOf(model, settings, distanceOf(evidence));
  const { temperature, words } = fit;
  const plain = assess(reading.logits, temperature, labels, words);
  const uncorrected = softmax(reading.logits, temperature);
  const priors = priorCorrection(
    section?.priors?.shares ?? evenShares(labels),
    appliesTo(labels) ? settings.priors : null,
  );
  const assessment = priors.applied
    ? assessmentOf(correctPriors(uncorrected, priors.assumed, priors.stated), labels, words)
    : plain;

  const { lungs, features } = lungsOf(evidence?.lungs ?? null, contract);
  const gate = gateOf(evidence?.gate ?? null, features, section?.gate ?? null);
  const { width, height } = reading.picture;
  const quality = evidence
    ? qualityOf({
        measures: evidence.measures,
        width,
        height,
        gate: evidence.gate,
        probes: section?.quality ?? null,
        lungs,
        features,
        contract,
        adjust: reading.adjust,
      })
    : [];
  const sets = fit.conformal ? predictionSets(uncorrected, fit.conformal, labels) : [];
  const decisions = decide(uncorrected, fit.curves, settings.operating, labels);
  const copies = evidence?.copies ?? null;
  const blind = reading.seen.state === 'not-located' && model.input?.crop?.otherwise === 'refuse';
  const judged = {
    gate,
    quality,
    set: sets.find(({ coverage }) => coverage === settings.coverage) ?? null,
    stability: stabilityOf(uncorrected, copies, temperature, settings.copies),
    why: evidence ? whyOf(evidence, lungs, reading.seen.rect) : null,
    lungs,
    assessment,
  };
  return {
    schema: 1,
    modelId: reading.modelId,
    modelVersion: reading.modelVersion,
    labels,
    adapted: model.adapted ?? null,
    adjust: reading.adjust,
    refusal: refusalOf(evidence, gate, Math.min(width, height), blind),
    ...judged,
    cautions: cautionsOf(judged, contract, reading.seen),
    fit: { kind: fit.kind, pictures: fit.pictures },
    uncorrected,
    priors,
    sets,
    decisions,
    triage: triageOf(decisions, labels),
  };
}

/** Where the model says nothing else: each class as likely as the others. */
function evenShares(labels: readonly string[]): Priors {
  return labels.map(() => 1 / labels.length);
}

/** What the site states of the four classes says nothing of others. */
function appliesTo(labels: readonly string[]): boolean {
  return String(labels) === String(CLASS_LABELS);
}

/** What a reading has to look at for these settings. */
export function examinationOf({ copies }: AssuranceSettings): Examination {
  return { copies: copies && 'where-unclear' };
}

function distanceOf(evidence: Evidence | null): number | null {
  const distances = evidence?.gate?.distances ?? [];
  return distances.length > 0 ? Math.min(...distances) : null;
}

/** The plainest reason first: of a blank picture nobody need hear that it is no chest. */
function refusalOf(
  evidence: Evidence | null,
  gate: GateResult,
  shorterSide: number,
  blind: boolean,
): Refusal | null {
  if (evidence && !(evidence.measures.high - evidence.measures.low >= LEAST_RANGE)) {
    return refusal('blank-picture');
  }
  if (shorterSide < LEAST_SIDE) return refusal('too-few-pixels');
  if (gate.state === 'refused') return refusal('not-a-frontal-chest');
  return blind ? refusal('lungs-needed') : null;
}
