/**
 * Why there is no answer: stable codes with their English words. docs/refusals.md lists them, with
 * the codes of files that cannot be opened at all; a test holds the two together.
 */
import type { Refusal, RefusalCode } from './types.ts';

export const REFUSALS: Readonly<Record<RefusalCode, Omit<Refusal, 'code'>>> = {
  'not-a-frontal-chest': {
    message: 'This does not look like a frontal chest radiograph, so it is not read.',
    remedy:
      'Open a frontal chest radiograph (front or back view), upright, showing both lungs whole.',
  },
  'blank-picture': {
    message: 'There is hardly anything in this picture: it is nearly all one shade.',
    remedy: 'Check that the right file was exported, and export it again with its usual window.',
  },
  'too-few-pixels': {
    message: 'This picture is too small to show anything of a lung.',
    remedy: 'Open the radiograph in its full size instead of a preview.',
  },
  'lungs-needed': {
    message: 'The lungs could not be located in this picture, so it is not read.',
    remedy:
      'Open a frontal chest radiograph that shows both lungs whole, or have a trained person read it.',
  },
};

export function refusal(code: RefusalCode): Refusal {
  return { code, ...REFUSALS[code] };
}

/** Fewer pixels on the shorter side than this are no picture of a chest. */
export const LEAST_SIDE = 48;
/** Between the darkest and the brightest hundredth lies less than this: blank. */
export const LEAST_RANGE = 0.06;
