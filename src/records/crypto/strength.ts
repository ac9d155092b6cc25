/** How hard a passphrase is to guess: a careful estimate, shown while it is typed. */
import { LEAST_CHARACTERS } from './passphrase.ts';

export type Strength = 'too-short' | 'weak' | 'fair' | 'strong';

/** A word that someone chose by themselves is one of about two thousand. */
const WORD_BITS = 11;
/** Three and four such words. */
const FAIR_BITS = 3 * WORD_BITS;
const STRONG_BITS = 4 * WORD_BITS;
/** What guessing programs try first. */
const ROWS = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890123456789',
  'qwertyuiopasdfghjklzxcvbnm',
  'qwertzuiopasdfghjklyxcvbnm',
  'azertyuiopqsdfghjklmwxcvbn',
];

export function passphraseStrength(passphrase: string): Strength {
  const text = passphrase.normalize('NFKC').trim();
  if (Array.from(text).length < LEAST_CHARACTERS) return 'too-short';
  const bits = bitsOf(text);
  if (bits < FAIR_BITS) return 'weak';
  return bits < STRONG_BITS ? 'fair' : 'strong';
}

/** Bits that the parts add, each counted once: what is repeated adds nothing. */
function bitsOf(text: string): number {
  const parts = new Set(text.toLowerCase().match(/\p{L}+|\p{N}+|[^\p{L}\p{N}\s]+/gu) ?? []);
  let bits = 0;
  for (const part of parts) {
    if (isObvious(part)) bits += 3;
    else if (/^\p{N}+$/u.test(part)) bits += Math.min(part.length, 8) * 2;
    else if (/^\p{L}+$/u.test(part)) bits += part.length < 3 ? 3 : Math.max(WORD_BITS, part.length);
    else bits += 3;
  }
  // Letters, digits and signs in turns are hardly a word: counted by character, with doubt.
  const mixed = /^\S*(?:\p{L}\p{N}|\p{N}\p{L}|\p{P}\p{L})\S*$/u.test(text);
  const different = new Set(text).size;
  return mixed ? Math.max(bits, 3 * different) : bits;
}

/** The same character, a row of the keyboard, the alphabet or the numbers, in either direction. */
function isObvious(part: string): boolean {
  if (new Set(part).size <= 2) return true;
  if (part.length < 4) return false;
  const back = Array.from(part).reverse().join('');
  return ROWS.some((row) => row.includes(part) || row.includes(back));
}
