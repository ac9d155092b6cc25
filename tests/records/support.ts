import type { Cost } from '../../src/records/crypto/passphrase.ts';
import type { KeptPicture, KeptReading, KeptStudy } from '../../src/records/study/schema.ts';

/** Cheap, so that a test does not wait; the real one is measured in its own tests. */
export const LIGHT: Cost = { memoryKiB: 64, passes: 1 };

export const LABELS = ['COVID', 'Lung_Opacity', 'Normal', 'Viral Pneumonia'];

export function reading(over: Partial<KeptReading> = {}): KeptReading {
  return {
    readAt: 1_780_000_000_000,
    model: { id: 'fieldray', version: '1.0.0', adapted: null },
    labels: LABELS,
    probabilities: [0.1, 0.7, 0.15, 0.05],
    refused: null,
    triage: 'refer',
    decisions: [{ label: 'Lung_Opacity', state: 'refer', score: 0.7, low: 0.2, high: 0.6 }],
    findings: [{ code: 'blurred', severity: 'hint' }],
    fit: { score: 1.2, limit: 0 },
    measured: { blurred: 0.3 },
    photographed: false,
    backend: 'wasm',
    milliseconds: 285,
    appVersion: '0.2.0',
    ...over,
  };
}

export function picture(over: Partial<KeptPicture> = {}): KeptPicture {
  return {
    id: crypto.randomUUID(),
    name: 'IM00001',
    view: 'PA',
    side: null,
    reading: reading(),
    failure: null,
    file: null,
    ...over,
  };
}

export function study(over: Partial<KeptStudy> = {}): KeptStudy {
  return {
    id: crypto.randomUUID(),
    label: { name: 'Amina Diallo', number: '4711', running: null, day: null, source: 'typed' },
    studyDate: '2026-11-29',
    keptAt: Date.parse('2026-11-30T08:00:00Z'),
    pictures: [picture()],
    words: [],
    diagnoses: [],
    flags: [],
    open: false,
    device: 'Tablet 7',
    revision: crypto.randomUUID(),
    ancestors: [],
    otherVersionOf: null,
    ...over,
  };
}
