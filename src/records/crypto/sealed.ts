/**
 * Records as they lie on the disk: AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce. What a
 * record is (kind, id, schema version) is additional data: a record put in another's place does not
 * open. Random nonces are safe for 2³² records a key, far more than a site ever writes.
 */
import * as v from 'valibot';
import { SealBroken } from '../errors.ts';

export type Bytes = Uint8Array<ArrayBuffer>;

const NONCE_BYTES = 12;
/** GCM's tag stands at the end of the data. */
const TAG_BYTES = 16;

const bytes = v.custom<Bytes>((value) => value instanceof Uint8Array, 'no bytes');

export const SealedSchema = v.object({
  /** Schema version of what is inside. */
  version: v.pipe(v.number(), v.integer(), v.minValue(1)),
  nonce: v.pipe(
    bytes,
    v.check((value) => value.length === NONCE_BYTES, 'a nonce of another length'),
  ),
  data: v.pipe(
    bytes,
    v.check((value) => value.length >= TAG_BYTES, 'shorter than its tag'),
  ),
});
export type Sealed = v.InferOutput<typeof SealedSchema>;

/** What a record is; nothing opens under another name. */
export interface Subject {
  readonly kind: 'study' | 'piece' | 'index' | 'audit' | 'audit-head' | 'contents' | 'end';
  readonly id: string;
  /** The day it was kept, which stands beside it in the clear and must not be changed there. */
  readonly day?: number;
}

export async function seal(
  key: CryptoKey,
  subject: Subject,
  version: number,
  plain: Bytes,
): Promise<Sealed> {
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const data = await crypto.subtle.encrypt(
    { name: 'AES-GCM', iv: nonce, additionalData: nameOf(subject, version) },
    key,
    plain,
  );
  return { version, nonce, data: new Uint8Array(data) };
}

/** @throws SealBroken if a single bit of it, or its name, is another one */
export async function unseal(key: CryptoKey, subject: Subject, stored: unknown): Promise<Bytes> {
  const sealed = v.safeParse(SealedSchema, stored);
  if (!sealed.success) throw new SealBroken();
  const { version, nonce, data } = sealed.output;
  try {
    const plain = await crypto.subtle.decrypt(
      { name: 'AES-GCM', iv: nonce, additionalData: nameOf(subject, version) },
      key,
      data,
    );
    return new Uint8Array(plain);
  } catch (cause) {
    throw new SealBroken({ cause });
  }
}

export function sealJson(
  key: CryptoKey,
  subject: Subject,
  version: number,
  value: unknown,
): Promise<Sealed> {
  return seal(key, subject, version, new TextEncoder().encode(JSON.stringify(value)));
}

/** @throws SealBroken */
export async function unsealJson(
  key: CryptoKey,
  subject: Subject,
  stored: unknown,
): Promise<unknown> {
  const text = new TextDecoder().decode(await unseal(key, subject, stored));
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new SealBroken({ cause });
  }
}

function nameOf({ kind, id, day }: Subject, version: number): Bytes {
  return new TextEncoder().encode(JSON.stringify(['fieldray', kind, id, version, day ?? null]));
}
