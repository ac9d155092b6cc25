/** What stands in the clear so that the studies can be unlocked at all: who may, and how. */
import * as v from 'valibot';
import { LockSchema } from '../crypto/key-wrap.ts';

const name = v.pipe(v.string(), v.maxLength(300));
const id = v.pipe(v.string(), v.minLength(1), v.maxLength(64));
const moment = v.pipe(v.number(), v.finite());

export const RecordsSettingsSchema = v.object({
  /** What is kept of a picture besides its result. */
  keep: v.picklist(['result', 'reading-copy', 'original']),
  /** Days after which a study deletes itself; null: never. */
  retentionDays: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(36_500))),
  /** Minutes without a touch after which it locks. */
  autoLockMinutes: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(24 * 60)),
  /** The network's answer stays hidden until the reader has given theirs. */
  readFirst: v.boolean(),
  /** How this tablet is called in figures and exports. */
  device: name,
});
export type RecordsSettings = v.InferOutput<typeof RecordsSettingsSchema>;

export const DEFAULT_RECORDS_SETTINGS: RecordsSettings = {
  keep: 'result',
  retentionDays: 90,
  autoLockMinutes: 10,
  readFirst: false,
  device: '',
};

export const VaultSchema = v.object({
  schema: v.literal(1),
  id,
  createdAt: moment,
  readers: v.array(
    v.object({ id, name, initials: name, addedAt: moment, locks: v.array(LockSchema) }),
  ),
  recovery: LockSchema,
  settings: RecordsSettingsSchema,
  /** Wrong secrets since the last right one, and when the last was tried. */
  failures: v.object({ count: v.pipe(v.number(), v.integer(), v.minValue(0)), at: moment }),
  /** When the app last ran, and since when the clock stands after a jump ahead. */
  clock: v.object({ seen: moment, jumpedAt: v.nullable(moment) }),
});
export type Vault = v.InferOutput<typeof VaultSchema>;
export type VaultReader = Vault['readers'][number];

/** What the unlock screen may know. */
export interface ReaderChoice {
  readonly id: string;
  readonly name: string;
  readonly initials: string;
  readonly addedAt: number;
  /** Their passkeys, to ask the platform for. */
  readonly passkeys: readonly {
    readonly credential: Uint8Array<ArrayBuffer>;
    readonly salt: Uint8Array<ArrayBuffer>;
  }[];
}
