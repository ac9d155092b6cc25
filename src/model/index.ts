/**
 * The delivered model. In: the address of a folder with current.json, manifests and files. Out: the
 * active version's verified bytes, from IndexedDB, with no network.
 */
export * from './errors.ts';
export { expandWeights } from './expand.ts';
export type { WeightFiles } from './expand.ts';
export { readGateTables, type GateTables } from './gate-tables.ts';
export { CLASS_LABELS, GATE_FEATURES, ManifestSchema, OperatingCurveSchema } from './manifest.ts';
export type {
  Assurance,
  ClassLabel,
  Conformal,
  ConformalLevel,
  Crop,
  FewLabels,
  Gate,
  GateFeature,
  GateRule,
  GroupFigures,
  Hospitals,
  Lungs,
  Manifest,
  OperatingCurve,
  Quality,
  Seen,
  Travel,
} from './manifest.ts';
export { parseManifest } from './offer.ts';
export { chestPhantom } from './phantom.ts';
export { openModelStore } from './store.ts';
export type { ModelStoreOptions } from './store.ts';
export type * from './types.ts';
