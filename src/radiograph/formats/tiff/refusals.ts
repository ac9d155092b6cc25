/** What is said of TIFFs that cannot be opened. */
import { unsupportedVariant, type RadiographError } from '../../errors.ts';

/** `what`: a thing the file uses. */
export function unreadable(what: string): RadiographError {
  return unsupportedVariant(`a TIFF with ${what}`);
}
