import { msg } from '@lit/localize';
import type { Adjustment } from '../radiograph/types.ts';
import { allOf } from './assurance-words.ts';

/** What was done to a picture before it was read: "cut, turned by 180°"; empty if nothing. */
export function adjustmentWords(adjust: Adjustment | null): string {
  if (!adjust) return '';
  const parts: string[] = [];
  if (adjust.crop) parts.push(msg('cut to a part'));
  if (adjust.rotate === 90) parts.push(msg('turned right by 90°'));
  if (adjust.rotate === 180) parts.push(msg('turned by 180°'));
  if (adjust.rotate === 270) parts.push(msg('turned left by 90°'));
  if (adjust.invert) parts.push(msg('black and white swapped'));
  return parts.length > 0 ? allOf(parts) : '';
}
