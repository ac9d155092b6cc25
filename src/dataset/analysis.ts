/** The page's side of the analysis worker. */
import { proxy } from 'comlink';
import { WorkerLink } from '../session/index.ts';
import type { AnalysisApi, Reduced } from './analysis-worker.ts';
import type { Audit } from './audit/groups.ts';
import { AnalysisFailedError } from './errors.ts';
import type { ProbeInput, ProbeResult } from './map/probe.ts';

/** Twenty thousand pictures take seconds; a tablet is given its time. */
const LIMIT_MS = 10 * 60_000;

export class Analysis {
  readonly #link = new WorkerLink<AnalysisApi>(
    () =>
      new Worker(new URL('./analysis-worker.ts', import.meta.url), {
        type: 'module',
        name: 'fieldray-analysis',
      }),
    (cause) => new AnalysisFailedError(cause),
  );

  /**
   * @param hashes two words a picture
   * @param smalls 24 × 24 bytes a picture
   */
  audit(hashes: Uint32Array, smalls: Uint8Array): Promise<Audit> {
    return this.#link.call(LIMIT_MS, (api) => api.audit(hashes, smalls));
  }

  /** The strongest directions of rows × columns numbers. */
  reduce(values: Float32Array, rows: number, columns: number): Promise<Reduced> {
    return this.#link.call(LIMIT_MS, (api) => api.reduce(values, rows, columns));
  }

  probe(input: ProbeInput): Promise<ProbeResult | null> {
    return this.#link.call(LIMIT_MS, (api) => api.probe(input));
  }

  /**
   * @param onShare called while the map is laid out, never after it has come
   * @returns x, y, x, y … in 0 … 1
   */
  async map(reduced: Reduced, onShare: (share: number) => void): Promise<Float32Array> {
    // Shares come through a channel of their own, which may fall behind the one of the answer.
    let settled = false;
    const tell = (share: number): void => {
      if (!settled) onShare(share);
    };
    try {
      return await this.#link.call(LIMIT_MS, (api) => api.map(reduced, proxy(tell)));
    } finally {
      settled = true;
    }
  }

  /** Ends the worker, and with it whatever is being computed. */
  dispose(): void {
    this.#link.dispose();
  }
}
