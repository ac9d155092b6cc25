/** A picture of this sitting as a study of one picture. */
import type { Assurance } from '../assurance/types.ts';
import type { PatientLabel, ReadersWord } from '../records/types.ts';
import type { Case, DoneState } from '../session/types.ts';
import type { ReportedDecision, ReportedReading, ReportedStudy } from './types.ts';

/** What the sitting knows of the picture besides its reading. */
export interface CaseContext {
  readonly site: string;
  readonly appVersion: string;
  readonly label?: PatientLabel | null;
  readonly studyDate?: string | null;
  readonly words?: readonly ReadersWord[];
}

export function reportedCase(entry: Case, context: CaseContext): ReportedStudy {
  const { state } = entry;
  const attributes = state.phase === 'done' ? state.reading.picture.attributes : {};
  return {
    id: entry.id,
    label: context.label ?? null,
    site: context.site,
    studyDate: context.studyDate ?? null,
    pictures: [
      {
        id: entry.id,
        name: entry.name,
        view: attributes.viewPosition ?? null,
        side: attributes.laterality ?? null,
        reading: state.phase === 'done' ? readingOf(entry, state, context.appVersion) : null,
        failure: state.phase === 'failed' ? state.fault.code : null,
      },
    ],
    words: context.words ?? [],
    diagnoses: [],
  };
}

function readingOf(entry: Case, state: DoneState, appVersion: string): ReportedReading {
  const { assurance, reading } = state;
  const { assessment, refusal, cautions, adapted } = assurance;
  const { warnings, overridden = [] } = reading.picture;
  return {
    readAt: entry.readAt ?? null,
    model: {
      id: assurance.modelId,
      version: assurance.modelVersion,
      adapted: adapted?.name ?? null,
    },
    labels: assurance.labels,
    probabilities: assessment.probabilities,
    top: refusal ? null : assessment.label,
    certainty: refusal ? null : assessment.certainty,
    refused: refusal?.code ?? null,
    unreliable: refusal === null && cautions.some(({ severity }) => severity === 'serious'),
    sets: assurance.sets.map(({ coverage, labels }) => ({ coverage, labels })),
    decision: refusal ? null : assurance.triage,
    decisions: decisionsOf(state),
    findings: cautions.map(({ code, severity }) => ({ code, severity })),
    notes: [...overridden, ...warnings].map(({ code }) => code),
    gate: gateOf(assurance),
    photographed: entry.origin === 'photograph of film',
    adjust: assurance.adjust,
    backend: reading.backend,
    milliseconds: reading.timings.total,
    appVersion,
  };
}

function gateOf({ gate }: Assurance): ReportedReading['gate'] {
  if (gate.state === 'unchecked' || !Number.isFinite(gate.score)) return null;
  return { score: gate.score, limit: gate.threshold };
}

/** Of a result that only the list still knows, the scores are gone, unless they are the probabilities. */
function decisionsOf({ assurance, light }: DoneState): readonly ReportedDecision[] {
  const { decisions, labels, uncorrected, priors } = assurance;
  if (!light) return decisions;
  return decisions.map((decision) => ({
    ...decision,
    score: priors.applied ? null : (uncorrected[labels.indexOf(decision.label)] ?? null),
  }));
}
