/** A file that was packed alone by gzip (RFC 1952), as scanners and research servers send them. */
import { fileTooLarge } from './errors.ts';

export function isGzip(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b && head[2] === 8;
}

/**
 * What can be unpacked of it. Bytes behind its end are left alone; where its own end is missing, the
 * picture's decoder finds out whether a pixel is. Nothing, where it is no gzip inside.
 * @throws FileTooLargeError; the signal's reason when stopped
 */
export async function gunzip(
  source: Blob,
  limit: number,
  signal?: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const reader = source.stream().pipeThrough(new DecompressionStream('gzip')).getReader();
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  try {
    for (;;) {
      signal?.throwIfAborted();
      const { done, value } = await reader.read();
      if (done) break;
      length += value.length;
      if (length > limit) throw fileTooLarge(length, limit);
      parts.push(value);
    }
  } catch (error) {
    signal?.throwIfAborted();
    if (length > limit) throw error;
  } finally {
    void reader.cancel().catch(() => undefined);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}
