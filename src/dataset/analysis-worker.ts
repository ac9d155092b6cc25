/** The computing over a whole folder (near-duplicates, probe, map), away from the page. */
import { expose, transfer } from 'comlink';
import { answer, type Answer } from '../session/index.ts';
import { findNearDuplicates, type Audit } from './audit/groups.ts';
import { AnalysisFailedError } from './errors.ts';
import { layOutMap } from './map/layout.ts';
import { principalComponents } from './map/pca.ts';
import { probe, type ProbeInput, type ProbeResult } from './map/probe.ts';

/** What is left of 1280 numbers a picture. */
export const COMPONENTS = 48;
/** The map is laid out from the first of them. */
const MAP_COMPONENTS = 24;

export interface Reduced {
  readonly scores: Float32Array<ArrayBuffer>;
  readonly count: number;
  readonly explained: readonly number[];
}

const failed = (reason: unknown): AnalysisFailedError => new AnalysisFailedError(reason);

const api = {
  audit(hashes: Uint32Array, smalls: Uint8Array): Promise<Answer<Audit>> {
    return answer(() => findNearDuplicates(hashes, smalls), failed);
  },

  /** @param values rows × columns, row-major */
  async reduce(values: Float32Array, rows: number, columns: number): Promise<Answer<Reduced>> {
    const reduced = await answer(
      () => principalComponents(values, rows, columns, COMPONENTS),
      failed,
    );
    return reduced.ok ? transfer(reduced, [reduced.value.scores.buffer]) : reduced;
  },

  probe(input: ProbeInput): Promise<Answer<ProbeResult | null>> {
    return answer(() => probe(input), failed);
  },

  /** @returns x, y, x, y … in 0 … 1 */
  map(
    { scores, count }: Reduced,
    onShare: (share: number) => void,
  ): Promise<Answer<Float32Array<ArrayBuffer>>> {
    return answer(() => {
      const columns = Math.min(count, MAP_COMPONENTS);
      const rows = scores.length / count;
      const first = new Float32Array(rows * columns);
      for (let at = 0; at < first.length; at++) {
        first[at] = scores[Math.floor(at / columns) * count + (at % columns)];
      }
      let told = 0;
      return layOutMap(first, columns, (share) => {
        if (Math.floor(100 * share) === told) return;
        told = Math.floor(100 * share);
        onShare(share);
      });
    }, failed);
  },
};

export type AnalysisApi = typeof api;

expose(api);
