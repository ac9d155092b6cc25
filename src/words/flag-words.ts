import { msg } from '@lit/localize';

/** Why a picture deserves a second look, in two or three words; by the stable code. */
export function flagWords(code: string): string {
  switch (code) {
    case 'unsure':
      return msg('Not sure');
    case 'read-twice':
      return msg('Read twice');
    case 'photograph-of-film':
      return msg('Photographed film');
    case 'not-a-frontal-chest':
      return msg('Not a frontal chest');
    case 'blank-picture':
      return msg('Blank');
    case 'too-few-pixels':
      return msg('Too small');
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
    case 'evidence-outside-lungs':
      return msg('Evidence outside the lungs');
    case 'unstable':
      return msg('Unstable answer');
    case 'several-classes':
      return msg('Several classes');
    case 'gate-unchecked':
      return msg('Not checked for a chest');
    case 'lungs-unavailable':
      return msg('Lungs not outlined');
    case 'no-lungs-found':
      return msg('No lungs found');
    case 'read-anyway':
      return msg('Read anyway');
    case 'burned-in-text':
      return msg('Text in the picture');
    case 'header-differs':
      return msg('Header and picture differ');
    case 'unknown-body-part':
      return msg('Unknown body part');
    case 'unknown-view':
      return msg('Unknown view');
    case 'for-processing':
      return msg('Raw picture');
    case 'color-picture':
      return msg('In color');
    case 'scaled-while-decoding':
      return msg('Very large');
    case 'first-frame-only':
      return msg('First of several');
    case 'alpha-flattened':
      return msg('Transparent');
    case 'few-pixels':
      return msg('Few pixels');
    case 'end-missing':
      return msg('End of the file missing');
    case 'rubbish-inside':
      return msg('File partly damaged');
    case 'fewer-bits':
      return msg('Fewer than 16 bits');
    case 'approximate-pixels':
      return msg('Altered by the browser');
    default:
      // The code of a newer part is better than silence.
      return code.replaceAll('-', ' ').replace(/^./, (first) => first.toUpperCase());
  }
}
