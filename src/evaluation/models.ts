/** Which model judges: the installed one, or whatever else gives one number a class. */
import { assure, defaultSettings } from '../assurance/index.ts';
import type { Assurance, JudgingModel } from '../assurance/types.ts';
import type { Examination, Reading, ScreeningService } from '../inference/types.ts';
import type { Manifest } from '../model/index.ts';
import { EvaluationNotTheSame } from './errors.ts';
import type { Checks, EvaluatedPicture } from './pictures.ts';

export type Judged = Pick<
  EvaluatedPicture,
  'logits' | 'probabilities' | 'refused' | 'sets' | 'checks' | 'fit' | 'hash'
>;

/** A model that can be evaluated. */
export interface EvaluatedModel {
  /** Tells one model from another in what is kept. */
  readonly key: string;
  readonly id: string;
  readonly version: string;
  /** For people. */
  readonly name: string;
  /** In the order of the probabilities; two or more. */
  readonly labels: readonly string[];
  /** What its readings have to look at. */
  readonly examine: Examination;
  /** Reads with this model; a batch rejects with a Fault where it cannot. */
  engine(signal: AbortSignal): Promise<Pick<ScreeningService, 'screenMany'>>;
  /** @throws EvaluationNotTheSame for a reading that another model made */
  judge(reading: Reading): Judged;
}

/**
 * The installed model as the app uses it, but under its own class shares: a site's stated shares and
 * thresholds belong to the site, and figures with them could be compared with nothing. For the same
 * reason the figures that speak are those for a new hospital, never the site's own.
 */
export function installedModel(
  manifest: Manifest,
  engine: EvaluatedModel['engine'],
): EvaluatedModel {
  return evaluatedModel(manifest, manifest, `${manifest.id} ${manifest.version}`, engine);
}

/**
 * Any model that the app can judge by: the delivered one, or one adapted at a site.
 * @param manifest the delivered one
 * @param name for people
 * @param engine reads with that model
 */
export function evaluatedModel(
  model: JudgingModel,
  manifest: Manifest,
  name: string,
  engine: EvaluatedModel['engine'],
): EvaluatedModel {
  const settings = { ...defaultSettings(manifest), copies: false };
  return {
    key: `${model.id}@${model.version}`,
    id: model.id,
    version: model.version,
    name,
    labels: model.labels,
    // Copies would be two more runs of the network and change no figure.
    examine: { copies: false },
    engine,
    judge(reading) {
      if (reading.modelId !== model.id || reading.modelVersion !== model.version) {
        throw new EvaluationNotTheSame('model');
      }
      const assurance = assure(reading, settings, model);
      const { uncorrected, refusal, sets, fit } = assurance;
      return {
        logits: Array.from(reading.logits),
        probabilities: uncorrected,
        refused: refusal?.code ?? null,
        sets: Object.fromEntries(
          sets.map(({ coverage, labels }) => [
            String(coverage),
            labels.map((label) => model.labels.indexOf(label)),
          ]),
        ),
        checks: checksOf(assurance),
        fit: fit.kind,
        hash: reading.evidence?.hash,
      };
    },
  };
}

function checksOf({ gate, quality, cautions, why, lungs }: Assurance): Checks {
  return {
    gate: Number.isFinite(gate.score) ? gate.score : null,
    cautions: cautions.map(({ code }) => code),
    measured: Object.fromEntries(
      quality.flatMap(({ code, measured }) =>
        Number.isFinite(measured) ? [[code, measured]] : [],
      ),
    ),
    insideLungs: why?.insideLungs ?? [],
    lungArea: lungs.side > 0 ? lungs.area : null,
  };
}
