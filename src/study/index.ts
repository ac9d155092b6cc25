/**
 * What one sitting holds: the opened pictures with their readings (in memory only), and the way to
 * look at them.
 * In: files, folders, archives, readings. Out: an observable list, pictures to draw.
 */
import type { Opened } from './sources/index.ts';
import type { Given } from './sources/types.ts';

export { blobOf } from './blob-of.ts';
export { countFilters, filterCases, NO_FILTER } from './filter.ts';
export type { ClassFilter, FilterCounts, ListFilter } from './filter.ts';
export { flagsOf } from './flags.ts';
export { Selection } from './selection.ts';
export {
  FilmCornersError,
  FilmFailedError,
  LookingStoppedError,
  ReadingStoppedError,
  ViewingError,
  faultDataOf,
} from './errors.ts';
export { FilmTable } from './film.ts';
export type { FilmChoice, FilmPhoto, FilmPreview } from './film-worker.ts';
export { FULL_WINDOW, clampWindow, grayOf, windowOf } from './gray-window.ts';
export { canReadAnyway } from './overrule.ts';
export { PictureRenderer } from './picture-renderer.ts';
export { PictureViewing } from './viewing.ts';
export { ReadingSession } from './session.ts';
export type { SessionServices } from './session.ts';
export { NORMAL, sortCases } from './ordering.ts';
export type * from './types.ts';

/** What was given as a list or as a flow; looked at in code that comes when it is first needed. */
export async function openGiven(given: Given): Promise<Opened> {
  const sources = await import('./sources/index.ts');
  return sources.openGiven(given);
}
