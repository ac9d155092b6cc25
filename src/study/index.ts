/**
 * What one sitting holds: the opened pictures with their readings (in memory only), and the way to
 * look at them.
 * In: files, readings. Out: an observable list, pictures to draw.
 */
export {
  FilmCornersError,
  FilmFailedError,
  FolderGivenError,
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
export { sortCases } from './ordering.ts';
export type * from './types.ts';
