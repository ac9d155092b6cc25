/** A picture's bytes as sealed pieces: no piece can be left out, doubled or put elsewhere unnoticed. */
import { seal, unseal, type Sealed } from '../crypto/sealed.ts';
import { SealBroken } from '../errors.ts';

const PIECE_BYTES = 4 * 1024 * 1024;
const VERSION = 1;

export interface Piece {
  readonly key: [string, string, number];
  readonly sealed: Sealed;
}

export async function sealPieces(
  key: CryptoKey,
  study: string,
  picture: string,
  bytes: Blob,
): Promise<Piece[]> {
  const total = Math.max(1, Math.ceil(bytes.size / PIECE_BYTES));
  const pieces: Piece[] = [];
  for (let n = 0; n < total; n++) {
    const part = await bytes.slice(n * PIECE_BYTES, (n + 1) * PIECE_BYTES).arrayBuffer();
    const sealed = await seal(key, nameOf(study, picture, n, total), VERSION, new Uint8Array(part));
    pieces.push({ key: [study, picture, n], sealed });
  }
  return pieces;
}

/** @throws SealBroken if one is missing or changed */
export async function unsealPieces(
  key: CryptoKey,
  study: string,
  picture: string,
  file: { readonly pieces: number; readonly mediaType: string },
  stored: readonly unknown[],
): Promise<Blob> {
  if (stored.length !== file.pieces) throw new SealBroken();
  const parts = await Promise.all(
    stored.map((each, n) => unseal(key, nameOf(study, picture, n, file.pieces), each)),
  );
  return new Blob(parts, { type: file.mediaType });
}

function nameOf(study: string, picture: string, n: number, total: number) {
  return { kind: 'piece', id: JSON.stringify([study, picture, n, total]) } as const;
}
