/** Whether the app's own files are stored exactly as they were built, and why one is not. */
import type { KeepFailure, KeptAnswer } from './contract.ts';

/** A file of the app as the build lists it (tools/vite/service-worker.ts). */
export interface KeptEntry {
  /** Relative to the app's folder. */
  readonly url: string;
  /** `sha256-` and the base64 digest, as in Subresource Integrity. */
  readonly integrity: string;
}

export interface KeptStore {
  /** The app's folder, an absolute address. */
  readonly scope: string;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  match(url: string): Promise<Response | undefined>;
  /** @throws QuotaExceededError and other refusals of the browser */
  put(url: string, response: Response): Promise<void>;
}

/**
 * Compares every stored file with its checksum, one after the other so that only one is in memory.
 * A file that is missing or differs is fetched and stored anew where the server has the right one.
 * Never rejects.
 */
export async function checkKept(
  entries: readonly KeptEntry[],
  store: KeptStore,
): Promise<KeptAnswer> {
  const missing: KeepFailure[] = [];
  for (const entry of entries) {
    const url = new URL(entry.url, store.scope).href;
    if (await isStored(url, entry.integrity, store)) continue;
    const failure = await storeAgain(url, entry, store);
    if (failure) missing.push(failure);
  }
  return { files: entries.length, missing };
}

async function isStored(url: string, integrity: string, store: KeptStore): Promise<boolean> {
  try {
    const kept = await store.match(url);
    return kept !== undefined && (await integrityOf(await kept.arrayBuffer())) === integrity;
  } catch {
    // A store that cannot be read holds nothing that could be relied on.
    return false;
  }
}

async function storeAgain(
  url: string,
  { url: file, integrity }: KeptEntry,
  store: KeptStore,
): Promise<KeepFailure | null> {
  let response: Response;
  try {
    response = await store.fetch(url, { integrity, cache: 'reload', credentials: 'same-origin' });
  } catch {
    return failureOf(url, store.scope, store.fetch);
  }
  if (!response.ok) return { reason: 'refused', file };
  try {
    await store.put(url, response);
    return null;
  } catch {
    return { reason: 'no-room', file };
  }
}

/**
 * Asks for a file once more without a checksum, to tell a wrong answer from none: the browser reports
 * both as the same network error. Never rejects.
 */
export async function failureOf(
  url: string,
  scope: string,
  ask: KeptStore['fetch'],
): Promise<KeepFailure> {
  const file = url.startsWith(scope) ? url.slice(scope.length).replace(/\?.*$/, '') : url;
  try {
    const { ok } = await ask(url, { method: 'HEAD', cache: 'no-store' });
    return { reason: ok ? 'changed' : 'refused', file };
  } catch {
    return { reason: 'unreachable', file };
  }
}

async function integrityOf(bytes: ArrayBuffer): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return `sha256-${btoa(String.fromCharCode(...digest))}`;
}
