/**
 * In: studies that a site chose to keep, with their readings, the readers' words and pictures. Out: the
 * same on a later day, for those who may see them; figures, an audit log. All of it is encrypted on
 * the device, the key lives in a worker. Off until a site turns it on; comes when it is asked for.
 */
export { KeptStudies } from './kept-studies.ts';
export type { DeskArguments, DeskMethod, DeskResult } from './protocol.ts';
export { DEFAULT_RECORDS_SETTINGS } from './vault/schema.ts';
export { LEAST_CHARACTERS } from './crypto/passphrase.ts';
export { passphraseStrength, type Strength } from './crypto/strength.ts';
export { TOO_FEW } from './statistics/performance.ts';
export { changeOf } from './study/change.ts';
export { countingWords, isUnread, labelText, leadingPicture, topLabel } from './study/words.ts';
export * from './errors.ts';
export type * from './types.ts';
