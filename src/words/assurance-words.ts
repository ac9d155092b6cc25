/** What assurance says by code, in the words of the screen. One place, so that panel, print and picture agree. */
import { msg, str } from '@lit/localize';
import type {
  CautionCode,
  DecisionState,
  Lungs,
  QualityCode,
  RefusalCode,
  Remedy,
  Severity,
  StabilityResult,
} from '../assurance/types.ts';

export interface RefusalWords {
  readonly heading: string;
  readonly remedy: string;
}

export function refusalWords(code: RefusalCode): RefusalWords {
  switch (code) {
    case 'not-a-frontal-chest':
      return {
        heading: msg('This does not look like a frontal chest X-ray'),
        remedy: msg(
          'Open the frontal (PA or AP) picture of the chest. Side views, other body parts, CT slices and ordinary photos are not read.',
        ),
      };
    case 'blank-picture':
      return {
        heading: msg('There is next to nothing to see in this picture'),
        remedy: msg('Check that the right file was opened, or take the picture again.'),
      };
    case 'too-few-pixels':
      return {
        heading: msg('This picture is too small to be read'),
        remedy: msg('Open the original, not a thumbnail or a copy from a message.'),
      };
    case 'lungs-needed':
      return {
        heading: msg('The lungs could not be located in this picture'),
        remedy: msg(
          'Open a frontal picture that shows both lungs whole, or have a trained person read it.',
        ),
      };
  }
}

/** One line on what speaks against relying on the answer. */
export function cautionWords(code: CautionCode): string {
  switch (code) {
    case 'rotated':
      return msg('The picture lies on its side or stands on its head.');
    case 'mirrored':
      return msg('The picture may be mirrored: the heart seems to lie on the other side.');
    case 'inverted':
      return msg('Black and white seem to be swapped.');
    case 'lungs-cut-off':
      return msg('The lungs seem to be cut off at the edge.');
    case 'too-dark':
      return msg('The picture is very dark.');
    case 'too-bright':
      return msg('The picture is very bright.');
    case 'few-gray-levels':
      return msg('The picture has few shades of gray, as after a bad copy.');
    case 'low-resolution':
      return msg('The picture has few pixels: fine shadows may be lost.');
    case 'blurred':
      return msg('The picture is blurred.');
    case 'border':
      return msg('A wide empty border takes room from the chest.');
    case 'text-over-lungs':
      return msg('There is writing over the lungs.');
    case 'evidence-outside-lungs':
      return msg('Evidence outside the lungs: do not rely on it.');
    case 'unstable':
      return msg('Unstable: a mirrored or slightly shifted copy gets another answer.');
    case 'several-classes':
      return msg('More than one class fits this picture.');
    case 'gate-unchecked':
      return msg('This model cannot check whether the picture is a chest X-ray.');
    case 'lungs-unavailable':
      return msg('The lungs could not be outlined on this device.');
    case 'no-lungs-found':
      return msg('No lungs were found in the picture.');
    case 'lungs-not-located':
      return msg('The lungs were not located, so the whole picture was read: less reliable.');
  }
}

/** The finding as a name, for tables. */
export function qualityName(code: QualityCode): string {
  switch (code) {
    case 'rotated':
      return msg('Rotated');
    case 'mirrored':
      return msg('Mirrored');
    case 'inverted':
      return msg('Inverted');
    case 'lungs-cut-off':
      return msg('Lungs cut off');
    case 'too-dark':
      return msg('Too dark');
    case 'too-bright':
      return msg('Too bright');
    case 'few-gray-levels':
      return msg('Few gray levels');
    case 'low-resolution':
      return msg('Low resolution');
    case 'blurred':
      return msg('Blurred');
    case 'border':
      return msg('Wide border');
    case 'text-over-lungs':
      return msg('Text over the lungs');
  }
}

export function severityWords(severity: Severity): string {
  switch (severity) {
    case 'serious':
      return msg('Serious');
    case 'caution':
      return msg('Caution');
    case 'hint':
      return msg('Hint');
  }
}

/** The one tap that puts it right. */
export function remedyWords(remedy: Remedy): string {
  switch (remedy.kind) {
    case 'invert':
      return msg('Swap black and white');
    case 'crop':
      return msg('Cut the border off');
    case 'rotate':
      if (remedy.by === 180) return msg('Turn by 180°');
      return remedy.by === 270 ? msg('Turn left by 90°') : msg('Turn right by 90°');
  }
}

export function decisionWords(state: DecisionState): string {
  switch (state) {
    case 'refer':
      return msg('Refer');
    case 'uncertain':
      return msg('Uncertain, read by a person');
    case 'not-flagged':
      return msg('Not flagged');
  }
}

export function stabilityWords({ state }: StabilityResult): string {
  switch (state) {
    case 'stable':
      return msg('Stable');
    case 'unstable':
      return msg('Unstable');
    case 'not-needed':
      return msg('Not needed: the answer is clear-cut');
    case 'off':
      return msg('Not checked (turned off)');
    case 'unavailable':
      return msg('Could not be checked');
  }
}

export function lungWords(lungs: Lungs): string {
  switch (lungs.state) {
    case 'found':
      return msg('Found');
    case 'not-found':
      return msg('No lungs found');
    case 'off':
      return msg('Not looked for');
    case 'none-in-model':
      return msg('This model has no lung network');
    case 'failed':
      return lungs.detail
        ? msg(str`Could not be run: ${lungs.detail}`)
        : msg('Could not be run on this device');
  }
}

/** "COVID-19 or Lung opacity": the names joined as the language does it. */
export function eitherOf(names: readonly string[]): string {
  const language = document.documentElement.lang || undefined;
  return new Intl.ListFormat(language, { type: 'disjunction' }).format(names);
}

export function allOf(names: readonly string[]): string {
  const language = document.documentElement.lang || undefined;
  return new Intl.ListFormat(language, { type: 'conjunction' }).format(names);
}
