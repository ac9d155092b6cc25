/** What speaks for looking twice at a result, as stable codes; the words are the screens'. */
import type { Case } from './types.ts';

/**
 * Codes of a picture, most serious first: what came of the picture's file, what assurance says
 * against relying on the answer, and an unsure answer.
 */
export function flagsOf(entry: Case): readonly string[] {
  const { state } = entry;
  if (state.phase !== 'done') return NONE;
  const { refusal, cautions } = state.assurance;
  if (refusal) return [refusal.code];
  const codes = cautions
    .filter(({ severity }) => severity !== 'hint')
    .map(({ code }): string => code);
  if (state.assessment.certainty === 'unsure') codes.unshift('unsure');
  if (entry.origin === 'photograph of film') codes.push('photograph-of-film');
  codes.push(
    ...state.reading.picture.warnings.map(({ code }): string => code).filter(isReasonToLook),
  );
  if (state.reading.recovery) codes.push('read-twice');
  return codes;
}

const NONE: readonly string[] = [];

/** That white was found is for the details; it says nothing against the answer. */
function isReasonToLook(code: string): boolean {
  return code !== 'fewer-bits';
}
