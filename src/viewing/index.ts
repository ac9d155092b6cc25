/**
 * In: a picture's bytes. Out: parts of it as bitmaps, at any size and through any gray window, drawn
 * in a worker.
 */
export { ViewingError } from './errors.ts';
export { FULL_WINDOW, clampWindow, grayOf, windowOf } from './gray-window.ts';
export { PictureRenderer } from './picture-renderer.ts';
export { PictureViewing } from './viewing.ts';
export type * from './types.ts';
