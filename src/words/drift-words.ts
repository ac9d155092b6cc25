/** Whether a site's pictures have changed, in one line. */
import { msg, str } from '@lit/localize';
import type { Drift } from '../records/types.ts';
import { flagWords } from './flag-words.ts';
import { formatNumber } from './format.ts';

export function driftWords({ enough, changed, first, last, findings }: Drift): string {
  if (!enough) {
    return msg('Too few studies to say whether the pictures here have changed: 100 are needed.');
  }
  const compared = msg(
    str`the last ${formatNumber(last)} studies against the first ${formatNumber(first)}`,
  );
  if (!changed) return msg(str`The pictures here look as they did at first (${compared}).`);
  const what = findings.filter((each) => each.changed).map(({ what: code }) => findingWords(code));
  return msg(
    str`The pictures here have changed: ${what.join(', ')} (${compared}). Look for a new device, new settings or other patients.`,
  );
}

function findingWords(code: string): string {
  if (code.startsWith('quality:')) return flagWords(code.slice('quality:'.length)).toLowerCase();
  switch (code) {
    case 'fit':
      return msg('how well they fit what the computer learned');
    case 'classes':
      return msg('how often each class is named');
    case 'refusals':
    case 'refusals-card':
      return msg('how often pictures are refused');
    default:
      return code;
  }
}
