/** An opened picture with its reading, as plain data that can be kept, exported and reported. */
import type { Assurance } from '../../assurance/types.ts';
import type { Reading } from '../../inference/types.ts';
import type { KeptPicture, KeptReading, KeptStudy } from '../../records/types.ts';
import type { Case } from '../../session/types.ts';
import type { Patient } from './patients.ts';

export interface Circumstances {
  readonly appVersion: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** @param id of the picture within kept studies; the session's own ids begin anew with each page */
export function keptPictureOf(
  { name, state, origin }: Case,
  id: string,
  circumstances: Circumstances,
): KeptPicture {
  const picture = {
    id,
    name: name.slice(0, 4000),
    view: null,
    side: null,
    reading: null,
    failure: null,
    file: null,
  };
  switch (state.phase) {
    case 'queued':
    case 'reading':
      return picture;
    case 'failed':
      return { ...picture, failure: state.fault.code };
    case 'done': {
      const { viewPosition, laterality } = state.reading.picture.attributes;
      const photographed = origin !== undefined;
      return {
        ...picture,
        view: viewPosition?.slice(0, 300) ?? null,
        side: laterality?.slice(0, 300) ?? null,
        reading: keptReadingOf(state.reading, state.assurance, { ...circumstances, photographed }),
      };
    }
  }
}

export function keptReadingOf(
  reading: Reading,
  assurance: Assurance,
  { appVersion, now, photographed }: Circumstances & { readonly photographed: boolean },
): KeptReading {
  const { gate, assessment } = assurance;
  const finite = Number.isFinite(gate.score) && Number.isFinite(gate.threshold);
  return {
    readAt: now,
    model: {
      id: assurance.modelId,
      version: assurance.modelVersion,
      adapted: assurance.adapted?.name ?? null,
    },
    labels: [...assurance.labels],
    probabilities: assessment.probabilities.map((share) => Math.min(1, Math.max(0, share))),
    refused: assurance.refusal?.code ?? null,
    triage: assurance.triage,
    decisions: assurance.decisions.map(({ label, state, score, low, high }) => ({
      label,
      state,
      score: Math.min(1, Math.max(0, score)),
      low: Number.isFinite(low) ? low : 0,
      high: Number.isFinite(high) ? high : 1,
    })),
    findings: assurance.cautions.map(({ code, severity }) => ({ code, severity })),
    fit:
      gate.state === 'unchecked' || !finite ? null : { score: gate.score, limit: gate.threshold },
    measured: Object.fromEntries(
      assurance.quality.flatMap(({ code, measured }) =>
        Number.isFinite(measured) ? [[code, measured]] : [],
      ),
    ),
    photographed,
    backend: reading.backend,
    milliseconds: Math.max(0, reading.timings.total),
    appVersion,
  };
}

/** A patient of the list with these pictures, as a study that was never kept before. */
export function studyOf(
  { id, label, studyDate, openedAt }: Patient,
  pictures: readonly KeptPicture[],
  device: string,
): KeptStudy {
  return {
    id,
    label,
    studyDate,
    keptAt: openedAt,
    pictures: [...pictures],
    words: [],
    diagnoses: [],
    flags: flagsOf(pictures),
    open: true,
    device,
    revision: crypto.randomUUID(),
    ancestors: [],
    otherVersionOf: null,
  };
}

/** Codes of what speaks against relying on an answer, each once: the history is searched by them. */
export function flagsOf(pictures: readonly KeptPicture[]): string[] {
  const codes = pictures.flatMap(({ reading, failure }) => [
    ...(failure === null ? [] : [failure]),
    ...(reading?.refused ? [reading.refused] : []),
    ...(reading?.findings ?? [])
      .filter(({ severity }) => severity !== 'hint')
      .map(({ code }) => code),
    ...(reading?.photographed ? ['photograph-of-film'] : []),
  ]);
  return [...new Set(codes)].slice(0, 30);
}
