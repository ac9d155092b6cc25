/**
 * The words page and service worker say to each other. Both programs compile this file, so it uses
 * nothing that only one of them has.
 */

/** Page → service worker. Workbox's own spelling, because workbox-window sends the first. */
export type ToServiceWorker =
  | { readonly type: 'SKIP_WAITING' }
  | { readonly type: 'GET_VERSION' }
  /** Compare every kept file with its checksum, and fetch anew what differs. */
  | { readonly type: 'CHECK_KEPT' };

/** The answer to GET_VERSION, over the message's port. */
export interface ServiceWorkerVersion {
  readonly version: string;
  readonly commit: string;
}

/**
 * Why a file of the app could not be kept:
 * - `changed`: the server answers, but not with the bytes of this build (or a sign-in page does);
 * - `refused`: the server answers with an error status;
 * - `unreachable`: no answer at all;
 * - `no-room`: the browser gives no room to store it.
 */
export type KeepReason = 'changed' | 'refused' | 'unreachable' | 'no-room';

export interface KeepFailure {
  readonly reason: KeepReason;
  /** The file's address relative to the app's folder; empty when no single file is to blame. */
  readonly file: string;
}

/** The answer to CHECK_KEPT, over the message's port. */
export interface KeptAnswer {
  /** How many files belong to the app. */
  readonly files: number;
  /** Files that are neither stored as they were built nor to be had; empty: everything is there. */
  readonly missing: readonly KeepFailure[];
}

/** Service worker → every window of the app: the installation failed because of this. */
export interface KeepFailed {
  readonly type: 'KEEP_FAILED';
  readonly failure: KeepFailure;
}

/** Where `share_target` in manifest.webmanifest posts to, relative to the app's folder. */
export const SHARE_PATH = 'share-target';
/** The form field the files come in (manifest.webmanifest, `share_target.params.files`). */
export const SHARE_FIELD = 'files';
/** Added to the app's address after a share, so that a page can tell why it was opened. */
export const SHARED_QUERY = 'shared';

const SHARED_NAME = 'X-Fieldray-Name';
const SHARED_AT = 'X-Fieldray-Shared-At';

/** The cache that shared files wait in. Caches belong to the origin, so the scope is in the name. */
export function shareCacheName(scope: string): string {
  return `fieldray-shared-${scope}`;
}

/** A shared file as it lies in the cache. */
export function packShared(file: File, sharedAt: number): Response {
  return new Response(file, {
    headers: {
      'Content-Type': file.type || 'application/octet-stream',
      [SHARED_NAME]: encodeURIComponent(file.name),
      [SHARED_AT]: String(sharedAt),
    },
  });
}

/** The file again. `sharedAt` is epoch milliseconds, 0 if the entry does not say. */
export async function unpackShared(entry: Response): Promise<{ file: File; sharedAt: number }> {
  const body = await entry.blob();
  const name = decodeURIComponent(entry.headers.get(SHARED_NAME) ?? '') || 'shared';
  const type = entry.headers.get('Content-Type') ?? '';
  return {
    file: new File([body], name, { type }),
    sharedAt: Number(entry.headers.get(SHARED_AT)) || 0,
  };
}
