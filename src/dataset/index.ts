/**
 * In: a folder (or ZIP archive) of pictures in class folders. Out: a lazily read list of labelled
 * pictures (`openLabelledFolder` → `LabelledFolder`, see types.ts), facts about them (`FolderScan`,
 * `Analysis`), and parts of them that share no patient. Knows no model and no screen.
 */
export { Analysis } from './analysis.ts';
export { AUDIT_LIMITS, SMALL_SIDE, type Audit } from './audit/groups.ts';
export * from './errors.ts';
export * from './facts/balance.ts';
export * from './facts/counts.ts';
export * from './facts/published.ts';
export { labelOf, PUBLISHED_LABELS, sortLabels } from './folder/labels.ts';
export { openLabelledFolder, withGroups, type OpeningOptions } from './folder/open.ts';
export { LEAST_POINTS, MOST_MAPPED, sampleItems } from './map/sample.ts';
export { FOLDS, LEAST_PICTURES, type ProbeInput, type ProbeResult } from './map/probe.ts';
export { Random } from '../base/random.ts';
export { FolderScan, type ScanOptions, type ScanPhase, type ScanView } from './scan/scan.ts';
export { ScanPool } from './scan/pool.ts';
export { SCAN_DATABASE, ScanStore, type RecentFolder } from './scan/store.ts';
export { meanOf } from './scan/sums.ts';
export {
  HISTOGRAM_BINS,
  MASK_SIDE,
  MEAN_SIDE,
  type ClassSums,
  type MaskFacts,
  type PictureFacts,
  type Scanned,
  type ShownPicture,
  type ScanResult,
} from './scan/types.ts';
export { splitByGroup, type Grouped, type Part } from './split.ts';
export { splitCsv } from './split-csv.ts';
export type * from './types.ts';
