/** The lung map, judged: masks, outline, and the numbers the gate looks at (src/model/manifest/lungs.ts). */
import type { LungMap } from '../inference/types.ts';
import type { Lungs as LungContract } from '../model/index.ts';
import { lungFeatures, type LungFeatures } from '../preprocess/index.ts';
import { outlinesOf } from './outline.ts';
import type { Lungs } from './types.ts';

const NONE = {
  side: 0,
  visible: new Uint8Array(0),
  whole: new Uint8Array(0),
  outlines: [],
  area: 0,
  border: 0,
};

/** @param contract the manifest's; null where it has no lung network */
export function lungsOf(
  map: LungMap | null,
  contract: LungContract | null,
): { lungs: Lungs; features: LungFeatures | null } {
  if (!map) return { lungs: { state: 'off', detail: null, ...NONE }, features: null };
  if (map.state !== 'done' || !contract) {
    const state = map.state === 'done' ? 'none-in-model' : map.state;
    const detail = map.state === 'failed' ? map.detail : null;
    return { lungs: { state, detail, ...NONE }, features: null };
  }
  const { side } = map;
  const features = lungFeatures(map.visible, side, contract.threshold);
  const found = features.area >= contract.limits.area;
  return {
    features,
    lungs: {
      state: found ? 'found' : 'not-found',
      detail: null,
      side,
      visible: maskOf(map.visible, contract.threshold),
      whole: maskOf(map.whole, contract.threshold),
      outlines: found ? outlinesOf(map.visible, side, contract.threshold) : [],
      area: features.area,
      border: features.border,
    },
  };
}

function maskOf(map: Float32Array, threshold: number): Uint8Array {
  return Uint8Array.from(map, (p) => (p >= threshold ? 1 : 0));
}
