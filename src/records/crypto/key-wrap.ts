/**
 * One data key opens every record. It is kept only wrapped (AES-256-GCM), once for each way in: a
 * reader's passphrase, a reader's passkey, the printed recovery key. Its bytes never reach
 * JavaScript: WebCrypto makes, wraps and unwraps it.
 */
import * as v from 'valibot';
import { deriveByArgon2, CostSchema, type Cost, type Derive } from './passphrase.ts';
import { SealedSchema, type Bytes } from './sealed.ts';

const salt = v.custom<Bytes>((value) => value instanceof Uint8Array && value.length >= 16);
const wrapped = v.pick(SealedSchema, ['nonce', 'data']);

export const LockSchema = v.variant('kind', [
  v.object({ kind: v.literal('passphrase'), salt, cost: CostSchema, wrapped }),
  v.object({
    kind: v.literal('passkey'),
    /** What the authenticator calls it. */
    credential: v.custom<Bytes>((value) => value instanceof Uint8Array && value.length > 0),
    /** What the authenticator's PRF is asked about. */
    salt,
    wrapped,
  }),
  v.object({ kind: v.literal('recovery'), salt, wrapped }),
]);
/** One way to the data key. */
export type Lock = v.InferOutput<typeof LockSchema>;
type Wrapped = v.InferOutput<typeof wrapped>;

/** What a person has in hand to open a lock. */
export type Secret =
  | { readonly kind: 'passphrase'; readonly passphrase: string }
  /** The 32 bytes that the passkey's PRF gave for the lock's salt. */
  | { readonly kind: 'passkey'; readonly credential: Bytes; readonly output: Bytes }
  | { readonly kind: 'recovery'; readonly bytes: Bytes };

/**
 * Asks the platform's passkey (WebAuthn with the PRF extension). The page hands it in: a worker has
 * no `navigator.credentials`.
 */
export interface Passkeys {
  /** Makes one for this reader; null where the platform has no PRF or the person declines. */
  create(
    reader: { readonly id: string; readonly name: string },
    salt: Bytes,
  ): Promise<PasskeyAnswer | null>;
  /** Asks one of these; null where none of them is at hand. */
  ask(
    among: readonly { readonly credential: Bytes; readonly salt: Bytes }[],
  ): Promise<PasskeyAnswer | null>;
}
export interface PasskeyAnswer {
  readonly credential: Bytes;
  /** 32 bytes; wiped after use. */
  readonly output: Bytes;
}

/** The one time that the data key may be taken out of WebCrypto: to be wrapped. */
export function makeDataKey(): Promise<CryptoKey> {
  return crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, true, ['encrypt', 'decrypt']);
}

/** @param dataKey an extractable one: `makeDataKey`, or `openLock` with `forWrapping` */
export async function makeLock(
  dataKey: CryptoKey,
  vault: string,
  secret: Secret,
  options: { readonly cost: Cost; readonly salt?: Bytes; readonly derive?: Derive },
): Promise<Lock> {
  const salt = options.salt ?? crypto.getRandomValues(new Uint8Array(16));
  const key = await keyOf(secret, salt, options.cost, options.derive);
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  const data = await crypto.subtle.wrapKey('raw', dataKey, key, {
    name: 'AES-GCM',
    iv: nonce,
    additionalData: nameOf(vault, secret.kind),
  });
  const wrapped = { nonce, data: new Uint8Array(data) };
  switch (secret.kind) {
    case 'passphrase':
      return { kind: 'passphrase', salt, cost: options.cost, wrapped };
    case 'passkey':
      return { kind: 'passkey', credential: secret.credential, salt, wrapped };
    case 'recovery':
      return { kind: 'recovery', salt, wrapped };
  }
}

/**
 * The data key, not extractable unless it is to be wrapped anew; null if the secret is a wrong one.
 */
export async function openLock(
  lock: Lock,
  vault: string,
  secret: Secret,
  options: { readonly forWrapping?: boolean; readonly derive?: Derive } = {},
): Promise<CryptoKey | null> {
  if (lock.kind !== secret.kind) return null;
  const cost = lock.kind === 'passphrase' ? lock.cost : null;
  const key = await keyOf(secret, lock.salt, cost, options.derive);
  const { nonce, data }: Wrapped = lock.wrapped;
  try {
    return await crypto.subtle.unwrapKey(
      'raw',
      data,
      key,
      { name: 'AES-GCM', iv: nonce, additionalData: nameOf(vault, lock.kind) },
      { name: 'AES-GCM' },
      options.forWrapping ?? false,
      ['encrypt', 'decrypt'],
    );
  } catch {
    return null;
  }
}

async function keyOf(
  secret: Secret,
  salt: Bytes,
  cost: Cost | null,
  derive: Derive = deriveByArgon2,
): Promise<CryptoKey> {
  const algorithm = { name: 'AES-GCM', length: 256 };
  if (secret.kind === 'passphrase') {
    if (!cost) throw new TypeError('A passphrase needs a cost.');
    const bytes = await derive(secret.passphrase, salt, cost);
    try {
      return await crypto.subtle.importKey('raw', bytes, algorithm, false, [
        'wrapKey',
        'unwrapKey',
      ]);
    } finally {
      bytes.fill(0);
    }
  }
  // Random already: what is needed is a key of the right length that is good for this alone (RFC 5869).
  const random = secret.kind === 'passkey' ? secret.output : secret.bytes;
  const material = await crypto.subtle.importKey('raw', random, 'HKDF', false, ['deriveKey']);
  const info = new TextEncoder().encode(`fieldray ${secret.kind}`);
  return crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt, info },
    material,
    algorithm,
    false,
    ['wrapKey', 'unwrapKey'],
  );
}

function nameOf(vault: string, kind: Lock['kind']): Bytes {
  return new TextEncoder().encode(JSON.stringify(['fieldray', 'data key', vault, kind]));
}
