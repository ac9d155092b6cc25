import { STUDY_SETTINGS } from '../../src/adaptation/settings.ts';
import type { AdaptedManifest, AdaptedModel } from '../../src/adaptation/index.ts';
import type { Manifest } from '../../src/model/index.ts';

/** A valid adapted model of two classes that was never trained: for tests of everything around it. */
export function smallAdaptedModel(
  base: Pick<Manifest, 'id' | 'version'>,
  more: Partial<AdaptedManifest> = {},
): AdaptedModel {
  return {
    manifest: {
      schema: 1,
      kind: 'fieldray-adapted-model',
      id: 'abcdef012345',
      name: 'Site',
      created: 1_700_000_000_000,
      base: { id: base.id, version: base.version },
      labels: ['Clear', 'Not clear'],
      madeWith: { app: 'test', backend: 'wasm' },
      folder: 'site',
      settings: STUDY_SETTINGS,
      pictures: { training: [10, 10], validation: [2, 2], unreadable: 0 },
      log: [
        { epoch: 1, accuracy: 0.5, loss: 1, val_accuracy: 0.5, val_loss: 1, learning_rate: 0.001 },
      ],
      keptEpoch: 1,
      temperature: 1.5,
      conformal: null,
      curves: null,
      gateGroups: [],
      tuned: null,
      evaluation: {
        adapted: { pictures: 4, accuracy: 1, macroF1: 1, perClass: [], confusion: [] },
        comparison: null,
      },
      notes: ['few-for-sets'],
      ...more,
    },
    head: Float32Array.from({ length: 1281 * 2 }, (_, at) => Math.sin(at)),
    gateCenters: new Float32Array(0),
    overlay: {},
  };
}
