/** Looks at pictures away from the page; several of these run beside each other. */
import { expose, transfer } from 'comlink';
import { answer, type Answer } from '../../study/index.ts';
import { ScanFailedError } from '../errors.ts';
import { lookAt } from './look.ts';
import type { Scanned } from './types.ts';

const api = {
  /** The bytes are read here, off the page. */
  async look(file: Blob, mask: Blob | null): Promise<Answer<Scanned>> {
    const seen = await answer(
      () => lookAt(file, mask),
      (reason) => new ScanFailedError(reason),
    );
    if (!seen.ok) return seen;
    const { small, histogram, picture, mask: maskBytes } = seen.value;
    const buffers = [small.buffer, histogram.buffer, picture.buffer];
    return transfer(seen, maskBytes ? [...buffers, maskBytes.buffer] : buffers);
  },
};

export type ScanApi = typeof api;

expose(api);
