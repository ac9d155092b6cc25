/** Looks at pictures away from the page; several of these run beside each other. */
import { expose, transfer } from 'comlink';
import { answer, type Answer } from '../../session/index.ts';
import { ScanFailedError } from '../errors.ts';
import { lookAt } from './look.ts';
import { show } from './show.ts';
import type { Scanned, ShownPicture } from './types.ts';

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

  /** At most `size` pixels on the longer side. */
  async show(file: Blob, mask: Blob | null, size: number): Promise<Answer<ShownPicture>> {
    const shown = await answer(
      () => show(file, mask, size),
      (reason) => new ScanFailedError(reason),
    );
    return shown.ok ? transfer(shown, [shown.value.pixels.buffer]) : shown;
  },
};

export type ScanApi = typeof api;

expose(api);
