/**
 * The recovery key that a site prints and locks away: 150 random bits in an alphabet without letters
 * that look alike (Crockford's base 32), as eight groups of four with a checksum. The 32 characters
 * read as one number leave the remainder 1 when divided by the prime 1021 (the way of ISO 7064): that
 * finds every single wrong character and every two neighbors that changed places.
 */
import { RecoveryKeyMistyped } from '../errors.ts';
import type { Bytes } from './sealed.ts';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const RANDOM_CHARACTERS = 30;
const LENGTH = 32;
const PRIME = 1021;

/** A new key as it is printed: `ABCD-EFGH-…`. */
export function makeRecoveryKey(): string {
  const random = crypto.getRandomValues(new Uint8Array(RANDOM_CHARACTERS));
  // 256 is a multiple of 32: every character is as likely as another.
  const places = [...random].map((byte) => byte % 32);
  const rest = places.reduce((sum, place) => (sum * 32 + place) % PRIME, 0);
  const check = (1 + PRIME - ((rest * 1024) % PRIME)) % PRIME;
  const text = [...places, check >> 5, check & 31].map((place) => ALPHABET[place]).join('');
  return (text.match(/.{4}/g) ?? []).join('-');
}

/**
 * The bytes of a typed key; spaces, hyphens and small letters do not matter, and letters that are no
 * part of the alphabet are read as the digit they look like.
 * @throws RecoveryKeyMistyped
 */
export function parseRecoveryKey(typed: string): Bytes {
  const text = typed
    .toUpperCase()
    .replace(/[\s\-–—]/g, '')
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1');
  const places = Array.from(text).map((character) => ALPHABET.indexOf(character));
  if (places.length !== LENGTH || places.includes(-1)) throw new RecoveryKeyMistyped();
  const rest = places.reduce((sum, place) => (sum * 32 + place) % PRIME, 0);
  if (rest !== 1) throw new RecoveryKeyMistyped();
  return Uint8Array.from(places.slice(0, RANDOM_CHARACTERS));
}
