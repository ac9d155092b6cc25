import type { Manifest } from '../../../src/model/index.ts';
import { parseManifest } from '../../../src/model/index.ts';
import {
  assuranceFixture,
  FIXTURE_GATE_FILE,
  FIXTURE_LUNG_GRAPH,
} from '../../fixtures/assurance.ts';
import { makeTestModel } from '../../inference/support/test-model.ts';

const perClass = (recall: number) =>
  Object.fromEntries(
    ['COVID', 'Lung_Opacity', 'Normal', 'Viral Pneumonia'].map((label, index) => [
      label,
      { precision: 0.9, recall: recall - index / 100, f1: 0.91, support: 100 + index },
    ]),
  );

const auc = { value: 0.991, low: 0.987, high: 0.995 };

/** A manifest with every part of a model card filled, with figures that occur nowhere else. */
export function fullManifest(): Manifest {
  const { manifest } = makeTestModel();
  const { assurance, gateFile } = assuranceFixture(1, true);
  const sha256 = '0'.repeat(64);
  return parseManifest({
    ...manifest,
    files: [
      ...manifest.files,
      { path: FIXTURE_GATE_FILE, bytes: gateFile.length, sha256 },
      { path: FIXTURE_LUNG_GRAPH, bytes: 1000, sha256 },
    ],
    assurance,
    evaluation: {
      groups: [
        {
          name: 'Test split, 224 px',
          images: 3127,
          accuracy: 0.9643,
          macroF1: 0.9571,
          perClass: perClass(0.97),
          confusion: [
            [96, 3, 1, 0],
            [2, 95, 4, 0],
            [0, 3, 99, 0],
            [1, 0, 2, 100],
          ],
          auc: { COVID: auc, Normal: auc },
          macroAuc: auc,
          calibrationError: 0.0123,
          note: 'Group-aware split.',
        },
        { name: 'Hospital X, never seen', images: 17, accuracy: 0.5882 },
      ],
      tables: [
        {
          title: 'One origin left out',
          note: 'Trained without it, tested on it.',
          columns: ['Origin', 'Images', 'Recall'],
          rows: [
            ['vindr', 41, 0.4146],
            ['ieee8023', 33, null],
          ],
        },
      ],
      trainingLog: Array.from({ length: 8 }, (_, index) => ({
        epoch: index + 1,
        stage: index < 3 ? 'head' : 'all',
        accuracy: 0.6 + index / 25,
        loss: 1 / (index + 2),
        val_accuracy: 0.62 + index / 26,
        val_loss: 1.1 / (index + 2),
        learning_rate: 0.001,
        seconds: 300,
      })),
      keptEpoch: 7,
    },
    card: {
      title: 'Chest radiographs, four classes',
      summary: 'What the summary says.',
      intendedUse: ['Teaching.'],
      notFor: ['Diagnosis.'],
      data: ['Several collections.'],
      faults: ['Sources are confounded with classes.'],
      shortcuts: ['Lungs blacked out.'],
      counts: [
        { label: 'COVID', origin: 'ieee8023', split: 'train', images: 401 },
        { label: 'COVID', origin: 'ieee8023', split: 'test', images: 71 },
        { label: 'Normal', origin: 'kermany', split: 'train', images: 1201 },
      ],
    },
    licence: 'Apache-2.0; data by their own.',
    command: 'python training/train.py --config x.toml',
  });
}
