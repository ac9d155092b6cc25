/**
 * What a report or an export says of a study: plain data, codes and figures, the same for a picture
 * of this sitting and for a kept study. No sentence and nothing of the screen.
 */
import type { Certainty } from '../assurance/index.ts';
import type { Decision, DecisionState, Severity } from '../assurance/types.ts';
import type { Adjustment } from '../radiograph/types.ts';
import type { FinalDiagnosis, PatientLabel, ReadersWord } from '../records/types.ts';

export interface ReportedSet {
  /** 0.9 or 0.95: how often the right class is among those named. */
  readonly coverage: number;
  /** Most probable first. */
  readonly labels: readonly string[];
}

export interface ReportedFinding {
  /** As in docs/refusals.md. */
  readonly code: string;
  readonly severity: Severity;
}

/** Against the site's limits; the score is null where only the state was kept. */
export type ReportedDecision = Omit<Decision, 'score'> & { readonly score: number | null };

export interface ReportedReading {
  /** Milliseconds since 1970; null where it was not noted. */
  readonly readAt: number | null;
  readonly model: {
    readonly id: string;
    readonly version: string;
    /** The name of a model adapted at the site; null: as delivered. */
    readonly adapted: string | null;
  };
  /** Class order of the probabilities. */
  readonly labels: readonly string[];
  /** Calibrated, sum 1. They are there for a refused picture too, and mean nothing then. */
  readonly probabilities: readonly number[];
  /** The class it looks most like; null: refused. */
  readonly top: string | null;
  /** Null: refused. */
  readonly certainty: Certainty | null;
  /** Code of the refusal; null: there is an answer. */
  readonly refused: string | null;
  /** Something serious speaks against the answer: it is not to be relied on. */
  readonly unreliable: boolean;
  /** Empty where they are not known. */
  readonly sets: readonly ReportedSet[];
  readonly decision: DecisionState | null;
  readonly decisions: readonly ReportedDecision[];
  readonly findings: readonly ReportedFinding[];
  /** Codes of what the file gave away (src/radiograph/types.ts, `RadiographWarning`). */
  readonly notes: readonly string[];
  /** The gate: passed at or above `limit`. Null where it was not checked. */
  readonly gate: { readonly score: number; readonly limit: number } | null;
  /** The picture is a photograph of a film: how right such answers are was never measured. */
  readonly photographed: boolean;
  /** How the picture was changed before it was read; null: as it came, or not known. */
  readonly adjust: Adjustment | null;
  readonly backend: string;
  readonly milliseconds: number;
  readonly appVersion: string;
}

export interface ReportedPicture {
  readonly id: string;
  /** The file's own name. It may name the patient. */
  readonly name: string;
  readonly view: string | null;
  readonly side: string | null;
  /** Null: not read. */
  readonly reading: ReportedReading | null;
  /** Code of the fault where it could not be read. */
  readonly failure: string | null;
}

export interface ReportedStudy {
  readonly id: string;
  /** Null: nobody named the patient. */
  readonly label: PatientLabel | null;
  /** Of the place that made the report; empty where nobody said. */
  readonly site: string;
  /** `2026-11-30`; null where no file says it. */
  readonly studyDate: string | null;
  readonly pictures: readonly ReportedPicture[];
  /** Those that count, oldest first: an amended one is not among them. */
  readonly words: readonly ReadersWord[];
  readonly diagnoses: readonly FinalDiagnosis[];
}

/** Off unless a person asked for it, each time anew. */
export interface ReportWishes {
  /** With who the patient is: label, numbers, dates, and the file's own name. */
  readonly identity: boolean;
}
