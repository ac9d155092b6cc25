import { InsecurePage } from './errors.ts';

/**
 * SHA-256 as 64 lower-case hex digits.
 * @throws InsecurePage where there is no WebCrypto (plain http on a foreign host)
 */
export async function sha256(bytes: ArrayBuffer | Uint8Array<ArrayBuffer>): Promise<string> {
  // Undefined outside secure contexts, whatever its type says.
  const subtle = globalThis.crypto?.subtle as SubtleCrypto | undefined;
  if (!subtle) throw new InsecurePage();
  const digest = new Uint8Array(await subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
