/**
 * In: a folder (or ZIP archive) of pictures in class folders. Out: a lazily read list of labelled
 * pictures (`openLabelledFolder` → `LabelledFolder`, see types.ts), facts about them, and parts of
 * them that share no patient. Knows no model and no screen.
 */
export * from './errors.ts';
export { labelOf, PUBLISHED_LABELS, sortLabels } from './folder/labels.ts';
export { openLabelledFolder, withGroups, type OpeningOptions } from './folder/open.ts';
export { Random } from './random.ts';
export { splitByGroup, type Grouped, type Part } from './split.ts';
export type * from './types.ts';
