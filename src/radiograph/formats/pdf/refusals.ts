/** What is said of PDF documents whose picture cannot be taken out. */
import { unsupportedFormat, type RadiographError } from '../../errors.ts';

const OUTSIDE =
  'Open it in a PDF program and save the picture as PNG or JPEG. Better: ask for the DICOM file.';

export function withoutPicture(): RadiographError {
  return unsupportedFormat('a PDF document without a radiograph in it', OUTSIDE);
}

export function locked(): RadiographError {
  return unsupportedFormat(
    'a PDF document that is locked with a password',
    'Open it with its password in a PDF program, and save the picture as PNG or JPEG.',
  );
}

export function inPieces(): RadiographError {
  return unsupportedFormat('a PDF document whose picture is cut into pieces', OUTSIDE);
}

/** `what`: what the picture inside uses. */
export function unreadable(what: string): RadiographError {
  return unsupportedFormat(`a PDF document whose picture uses ${what}`, OUTSIDE);
}
