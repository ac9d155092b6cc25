import { SHARED_QUERY, shareCacheName, unpackShared } from '../service-worker/contract.ts';
import { ShareNotRead } from './errors.ts';

/** Chromium's queue of "Open with" launches, which the DOM library does not know. */
interface LaunchParams {
  readonly files?: readonly { getFile(): Promise<File> }[];
}
interface LaunchQueue {
  setConsumer(consumer: (launch: LaunchParams) => void): void;
}

export interface ShareListener {
  /** Files in the order they were shared or opened; never an empty list. */
  onFiles(files: File[]): void;
  /** The share sheet opened the app, but nothing could be taken. */
  onFailure(fault: ShareNotRead): void;
}

/**
 * Takes everything that waits in the share cache, oldest first, and leaves it empty: the pictures
 * stay on the device only as long as the page holds them.
 */
export async function takeShared(scope: string): Promise<File[]> {
  const cache = await caches.open(shareCacheName(scope));
  const taken: { file: File; sharedAt: number; key: string }[] = [];
  for (const key of await cache.keys()) {
    const entry = await cache.match(key);
    if (entry) taken.push({ ...(await unpackShared(entry)), key: key.url });
    await cache.delete(key);
  }
  taken.sort((a, b) => a.sharedAt - b.sharedAt || (a.key < b.key ? -1 : 1));
  return taken.map(({ file }) => file);
}

/** Takes `?shared=…` out of the address, so that a reload does not look like another share. */
function takeSharedQuery(): string | null {
  const address = new URL(location.href);
  const value = address.searchParams.get(SHARED_QUERY);
  if (value !== null) {
    address.searchParams.delete(SHARED_QUERY);
    history.replaceState(history.state, '', address);
  }
  return value;
}

/**
 * Files that come from outside the page: by the share sheet (kept by the service worker) and by
 * "Open with" (`launchQueue`). Call once, when the app is able to take files.
 */
export function openShareInbox(listener: ShareListener): void {
  const launches = (window as { launchQueue?: LaunchQueue }).launchQueue;
  launches?.setConsumer((launch) => {
    const handles = launch.files ?? [];
    if (handles.length === 0) return;
    Promise.all(handles.map((handle) => handle.getFile())).then(
      (files) => listener.onFiles(files),
      (cause: unknown) => listener.onFailure(new ShareNotRead({ cause })),
    );
  });

  const query = takeSharedQuery();
  if (!('caches' in window)) {
    if (query !== null) listener.onFailure(new ShareNotRead());
    return;
  }
  const scope = new URL('./', document.baseURI).href;
  takeShared(scope).then(
    (files) => {
      if (files.length > 0) listener.onFiles(files);
      else if (query !== null) listener.onFailure(new ShareNotRead());
    },
    (cause: unknown) => {
      if (query !== null) listener.onFailure(new ShareNotRead({ cause }));
    },
  );
}
