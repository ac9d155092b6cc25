/** A file's name where there is little room: what tells it from others stands at its end. */

const SEGMENTS = 3;

/** `usb/DICOM/24112800/IM00001` as `…/24112800/IM00001`. */
export function shortName(name: string): string {
  const segments = name.split('/');
  return segments.length <= SEGMENTS ? name : `…/${segments.slice(1 - SEGMENTS).join('/')}`;
}

/** Safe on every file system: letters, digits, dots and hyphens of any script. */
export function fileStem(...parts: readonly string[]): string {
  const stem = parts
    .map((part) =>
      part
        .normalize('NFC')
        .replace(/[^\p{L}\p{M}\p{N}.]+/gu, '-')
        .replace(/^[-.]+|[-.]+$/g, ''),
    )
    .filter((part) => part !== '')
    .join('-');
  return Array.from(stem).slice(0, 100).join('');
}
