/** A kept study as it is reported. */
import { certaintyOf } from '../assurance/index.ts';
import type { KeptPicture, KeptReading, KeptStudy } from '../records/types.ts';
import type { ReportedPicture, ReportedReading, ReportedStudy } from './types.ts';

/** @param site of the place that makes the report: kept studies do not name it */
export function reportedStudy(study: KeptStudy, site: string): ReportedStudy {
  const amended = new Set(study.words.map(({ amends }) => amends));
  return {
    id: study.id,
    label: study.label,
    site,
    studyDate: study.studyDate,
    pictures: study.pictures.map(pictureOf),
    words: study.words.filter(({ id }) => !amended.has(id)),
    diagnoses: study.diagnoses,
  };
}

function pictureOf({ id, name, view, side, reading, failure }: KeptPicture): ReportedPicture {
  return { id, name, view, side, failure, reading: reading && readingOf(reading) };
}

function readingOf(kept: KeptReading): ReportedReading {
  const largest = Math.max(...kept.probabilities);
  const answered = kept.refused === null;
  return {
    readAt: kept.readAt,
    model: kept.model,
    labels: kept.labels,
    probabilities: kept.probabilities,
    top: answered ? (kept.labels[kept.probabilities.indexOf(largest)] ?? null) : null,
    certainty: answered ? certaintyOf(largest) : null,
    refused: kept.refused,
    unreliable: answered && kept.findings.some(({ severity }) => severity === 'serious'),
    sets: [],
    decision: answered ? kept.triage : null,
    decisions: kept.decisions,
    findings: kept.findings,
    notes: [],
    gate: kept.fit,
    photographed: kept.photographed,
    adjust: null,
    backend: kept.backend,
    milliseconds: kept.milliseconds,
    appVersion: kept.appVersion,
  };
}
