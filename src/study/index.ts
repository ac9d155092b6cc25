/**
 * What one sitting holds: the opened pictures with their readings (in memory only), what their
 * figures say, and the way to look at them.
 * In: files, readings. Out: an observable list, impressions, pictures to draw.
 */
export { CERTAINTY_STEPS, certaintyOf, impressionOf } from './impression.ts';
export { FolderGivenError, ReadingStoppedError, ViewingError, faultDataOf } from './errors.ts';
export { FULL_WINDOW, clampWindow, grayOf } from './gray-window.ts';
export { PictureRenderer } from './picture-renderer.ts';
export { PictureViewing } from './viewing.ts';
export { ReadingSession } from './session.ts';
export type { SessionServices } from './session.ts';
export { sortCases } from './ordering.ts';
export type * from './types.ts';
