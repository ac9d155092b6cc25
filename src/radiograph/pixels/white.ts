/**
 * Which sample means white in a file of 16 bits a sample. Detectors give 10 to 14 bits, and programs
 * store them as they are: taken for 16 bits, such a radiograph is nearly black.
 *
 * The rule, for PNG and TIFF alike, for the model and for the viewer:
 * 1. The file says how many bits it holds (PNG's sBIT, TIFF's MaxSampleValue), and no sample is higher:
 *    white is the highest value of so many bits. Samples above it were spread over all 16 bits, as the
 *    PNG specification asks for: white is 65,535.
 * 2. The file says nothing, and its highest sample needs 10 to 14 bits: white is the highest value of
 *    so many bits (3,930 → 4,095).
 * 3. Otherwise white is 65,535. A picture that needs 15 bits is a dark one of 16, and one that needs
 *    9 or fewer shows too little to be a radiograph: neither is stretched.
 *
 * The edge lies between 14 and 15 bits because a radiograph of true 16 bits has letters, markers or
 * bone above a quarter of the range, and no detector on the market gives 15 bits.
 */
import type { RadiographFacts, RadiographWarning } from '../types.ts';

const FEWEST_BITS = 10;
const MOST_BITS = 14;
const ALL = 65_535;

/** @param said bits a sample as the file has it; 0: it says nothing */
export function whiteOf(highest: number, said = 0): number {
  if (said >= 1 && said < 16) return highest < 2 ** said ? 2 ** said - 1 : ALL;
  if (said >= 16) return ALL;
  const bits = highest > 0 ? 32 - Math.clz32(highest) : 0;
  return bits >= FEWEST_BITS && bits <= MOST_BITS ? 2 ** bits - 1 : ALL;
}

export function highestOf(samples: Uint16Array): number {
  let highest = 0;
  for (let i = 0; i < samples.length; i++) if (samples[i] > highest) highest = samples[i];
  return highest;
}

/** The facts of a picture, with the bits it really has and a word about it where these are not 16. */
export function withWhite(facts: RadiographFacts, white: number): RadiographFacts {
  if (white === ALL || white <= 255) return facts;
  const bitsStored = Math.log2(white + 1);
  const warning: RadiographWarning = {
    code: 'fewer-bits',
    message: `This 16-bit file holds grays of ${bitsStored} bits; ${white.toLocaleString('en-US')} is taken as white.`,
  };
  return { ...facts, bitsStored, warnings: [...facts.warnings, warning] };
}
