/** Files from the system's share sheet: kept until a page of ours takes them, never sent anywhere. */
import { packShared, SHARED_QUERY, SHARE_FIELD, shareCacheName } from './contract.ts';

/** More files than this in one share are more than a person meant. */
const MOST_FILES = 500;

/**
 * Answers the share sheet's POST: the files go into the cache, the browser goes on to the app.
 * A share without files (text, a link) or one that cannot be kept just opens the app.
 */
export async function receiveShare(request: Request, scope: string): Promise<Response> {
  const app = new URL(scope);
  try {
    const form = await request.formData();
    const files = form
      .getAll(SHARE_FIELD)
      .filter((part): part is File => typeof part !== 'string' && part.size > 0)
      .slice(0, MOST_FILES);
    const cache = await caches.open(shareCacheName(scope));
    const sharedAt = Date.now();
    const share = crypto.randomUUID();
    for (const [index, file] of files.entries()) {
      const key = new URL(`${SHARED_QUERY}/${share}/${String(index).padStart(4, '0')}`, scope);
      await cache.put(key, packShared(file, sharedAt));
    }
    app.searchParams.set(SHARED_QUERY, String(files.length));
  } catch {
    // The page says in its own words that nothing came; a dead end in the browser would not.
    app.searchParams.set(SHARED_QUERY, 'failed');
  }
  return Response.redirect(app.href, 303);
}
