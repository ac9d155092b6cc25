import { msg, str } from '@lit/localize';
import type { Assurance } from '../assurance/types.ts';
import { formatShare } from './format.ts';
import { className } from './words.ts';
import { allOf } from './assurance-words.ts';

/** What this site set, in one line under every result. */
export function settingsWords({ labels, set, priors, stability, lungs }: Assurance): string {
  const parts: string[] = [];
  if (set) parts.push(msg(str`${Math.round(100 * set.coverage)} % prediction sets`));
  parts.push(
    priors.applied
      ? msg(
          str`how common each class is here (${labels
            .map((label, index) => `${className(label)} ${formatShare(priors.stated[index] ?? 0)}`)
            .join(', ')})`,
        )
      : msg('how common each class is: as the model assumes'),
  );
  parts.push(stability.state === 'off' ? msg('test with copies off') : msg('test with copies on'));
  if (lungs.state !== 'none-in-model') {
    parts.push(lungs.state === 'off' ? msg('lungs off') : msg('lungs on'));
  }
  return msg(str`Set for this site: ${allOf(parts)}.`);
}
