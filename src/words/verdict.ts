/**
 * The one verdict of a picture in at most five plain lines: what was seen, how sure, what speaks
 * against relying on it (up to two), what to do next. Words only; the panel draws them.
 */
import { msg, str } from '@lit/localize';
import type { Assessment } from '../assurance/index.ts';
import type {
  Assurance,
  CautionCode,
  Decision,
  RefusalCode,
  Remedy,
  Severity,
} from '../assurance/types.ts';
import { formatProbability } from './format.ts';
import type { Case } from '../session/types.ts';
import { caution, className } from './words.ts';
import { certaintyMeaning, certaintyWords, measuredWords } from './assessment-words.ts';
import { allOf, cautionWords, eitherOf, refusalWords } from './assurance-words.ts';

export interface Against {
  readonly code: CautionCode;
  readonly severity: Severity;
  readonly text: string;
  readonly remedy: Remedy | null;
}

export interface Verdict {
  /** `open`: more than one class fits. `unreliable`: something serious speaks against the answer. */
  readonly kind: 'plain' | 'open' | 'unreliable' | 'refused';
  readonly over: string;
  readonly headline: string;
  /** In a word, and the probability behind it where one class is named; null if refused. */
  readonly sure: { readonly words: string; readonly figure: string } | null;
  readonly meaning: string;
  readonly against: readonly Against[];
  /** How many more cautions the figures behind list. */
  readonly more: number;
  readonly next: string;
}

/** More would be read by nobody; the rest stands among the figures. */
const AGAINST_LINES = 2;

/** @param film the picture is a photograph of a film: how right such answers are was never measured, so no figure is given */
export function verdictOf(assurance: Assurance, film = false): Verdict {
  const all = againstOf(assurance);
  const against = all.slice(0, AGAINST_LINES);
  const more = all.length - against.length;
  if (assurance.refusal) return refusedVerdict(assurance, assurance.refusal.code, all);
  const serious = all.some(({ severity }) => severity === 'serious');
  const answer = answerOf(assurance);
  const words = film ? withoutFigures(answer) : answer;
  return {
    kind: serious ? 'unreliable' : answer.open ? 'open' : 'plain',
    over: msg('Most resembles'),
    headline: answer.headline,
    // A figure would be believed all the same; it stands among the others, on demand.
    sure: serious ? { words: msg('Do not rely on it'), figure: '' } : words.sure,
    meaning: serious ? '' : words.meaning,
    against,
    more,
    next: nextStep(assurance, all),
  };
}

function refusedVerdict(assurance: Assurance, code: RefusalCode, all: readonly Against[]): Verdict {
  // A remedy may make it readable, and a chest in the dark looks like none; what else is wrong with it
  // matters no more.
  const against = all
    .filter(({ code: why, remedy }) => remedy !== null || why.startsWith('too-'))
    .slice(0, AGAINST_LINES);
  const amiss = amissIn(assurance);
  const words = refusalWords(code);
  return {
    kind: 'refused',
    over: msg('Not read'),
    headline: amiss ? amissWords(amiss) : words.heading,
    sure: null,
    meaning: '',
    against: against.map((line) =>
      line.code === amiss
        ? { ...line, text: msg('As it is, it does not look like a frontal chest X-ray.') }
        : line,
    ),
    more: 0,
    next: amiss ? msg('Put the picture right with one tap. It is then read again.') : words.remedy,
  };
}

/**
 * A chest that lies on its side does not look like a frontal chest: what is to be done about it
 * comes first. Once it was put right and is refused all the same, it is none.
 */
function amissIn({ refusal, quality, adjust }: Assurance): 'rotated' | 'inverted' | null {
  if (refusal?.code !== 'not-a-frontal-chest' || adjust) return null;
  const codes = quality.flatMap(({ code, remedy }) => (remedy ? [code] : []));
  return (['rotated', 'inverted'] as const).find((code) => codes.includes(code)) ?? null;
}

function amissWords(code: 'rotated' | 'inverted'): string {
  return code === 'rotated'
    ? msg('This picture seems to be turned')
    : msg('Black and white seem to be swapped');
}

/** The label of a picture in lists and of the viewer: the answer, or that there is none. */
export function shortAnswer(assurance: Assurance): string {
  const amiss = amissIn(assurance);
  if (amiss) return amissWords(amiss);
  return assurance.refusal
    ? refusalWords(assurance.refusal.code).heading
    : answerOf(assurance).headline;
}

/** The probability of the one class named, for lists; empty where none is, or none is to be used. */
export function figureOf({ state, origin }: Case): string {
  if (state.phase !== 'done' || origin) return '';
  const { refusal, cautions, set, assessment } = state.assurance;
  const serious = cautions.some(({ severity }) => severity === 'serious');
  if (refusal || serious || (set && set.labels.length > 1)) return '';
  return formatProbability(assessment.probabilities[assessment.top] ?? 0);
}

interface Answer {
  readonly headline: string;
  readonly open: boolean;
  readonly sure: { readonly words: string; readonly figure: string };
  readonly meaning: string;
}

function withoutFigures(answer: Answer): Answer {
  const words = answer.open ? answer.sure.words : msg('How sure is not known for a film');
  return { ...answer, sure: { words, figure: '' }, meaning: '' };
}

function answerOf({ assessment, set, labels: order, fit }: Assurance): Answer {
  const labels = set?.labels ?? [assessment.label];
  if (!set || labels.length <= 1) {
    return {
      headline: className(labels[0] ?? assessment.label),
      open: false,
      sure: {
        words: certaintyWords(assessment.certainty),
        figure: formatProbability(assessment.probabilities[assessment.top] ?? 0),
      },
      meaning: certaintyMeaning(assessment, order, fit),
    };
  }
  const names = labels.map(className);
  const right = Math.round(100 * set.coverage);
  const pair = labels.length === 2;
  return {
    headline: pair ? eitherOf(names) : msg('Cannot tell'),
    open: true,
    sure: { words: pair ? msg('Not sure which') : msg('Not sure'), figure: '' },
    meaning: pair
      ? msg(
          str`${figuresOf(assessment, labels, order)}. The right one is among those named in about ${right} of 100 ${measuredWords(fit)}.`,
        )
      : msg(
          str`${eitherOf(names)} all fit. The right one is among those named in about ${right} of 100 ${measuredWords(fit)}.`,
        ),
  };
}

function figuresOf(
  assessment: Assessment,
  labels: readonly string[],
  order: readonly string[],
): string {
  return allOf(
    labels.map((label) => {
      const share = assessment.probabilities[order.indexOf(label)] ?? 0;
      return `${className(label)} ${formatProbability(share)}`;
    }),
  );
}

/** Every caution with its remedy; "several classes" is the headline's business. */
function againstOf({ cautions, quality }: Assurance): Against[] {
  return cautions
    .filter(({ code }) => code !== 'several-classes')
    .map(({ code, severity }) => ({
      code,
      severity,
      text: cautionWords(code),
      remedy: quality.find((finding) => finding.code === code)?.remedy ?? null,
    }));
}

function nextStep(assurance: Assurance, all: readonly Against[]): string {
  const serious = all.filter(({ severity }) => severity === 'serious');
  if (serious.some(({ remedy }) => remedy)) {
    return msg('Put the picture right with one tap. It is then read again.');
  }
  if (serious.length > 0) {
    return msg('Leave this answer aside and have a trained person read the picture.');
  }
  const flagged = (state: Decision['state']): string =>
    allOf(
      assurance.decisions
        .filter((decision) => decision.label !== 'Normal' && decision.state === state)
        .map(({ label }) => className(label)),
    );
  switch (assurance.triage) {
    case 'refer':
      return msg(str`Refer: over this site’s limit for ${flagged('refer')}.`);
    case 'uncertain':
      return msg(
        str`Uncertain for ${flagged('uncertain')}: a trained person reads the picture before anything is decided.`,
      );
    case 'not-flagged':
      return msg(
        'Not flagged by this site’s limits. Findings beyond the classes named here are not looked for.',
      );
    case null:
      return caution();
  }
}
