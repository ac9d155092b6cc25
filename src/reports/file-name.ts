/** Names of files that Windows, Android, iOS and a USB stick all take. */

/** Names that Windows keeps for its devices, with and without an ending. */
const RESERVED = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)/i;
/** FAT and most others stop at 255 bytes; the rest is for "(1)" and the ending. */
const MOST_BYTES = 120;

/**
 * @param parts e.g. label, date; empty ones are left out
 * @param ending with its dot: `-fieldray.png`
 * @returns "Amina Diallo 2026-11-30-fieldray.png"
 */
export function reportFileName(parts: readonly string[], ending: string): string {
  const stem = parts
    .map(cleaned)
    .filter((part) => part !== '')
    .join(' ');
  // Leading dots hide a file, trailing ones vanish on Windows.
  const safe = shortened(stem, MOST_BYTES).replaceAll(/^[.\s]+|[.\s]+$/g, '');
  return `${safe === '' ? 'report' : RESERVED.test(safe) ? `_${safe}` : safe}${ending}`;
}

function cleaned(part: string): string {
  return (
    part
      .normalize('NFC')
      // Control and format characters (a name could be turned around by one of these).
      .replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}]/gu, '')
      .replaceAll(/[\\/:*?"<>|]+/g, '_')
      .replaceAll(/\s+/g, ' ')
      .trim()
  );
}

/** Cut at a whole character. */
function shortened(text: string, most: number): string {
  let bytes = 0;
  let kept = '';
  for (const { segment } of new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(text)) {
    bytes += new TextEncoder().encode(segment).length;
    if (bytes > most) break;
    kept += segment;
  }
  return kept;
}
