/**
 * In: a photograph of a film and (from a person or from `proposeCorners`) where its corners are.
 * Out: the film as a digital radiograph would show it. Runs in a worker; no DOM.
 */
export { correctFilm } from './correct.ts';
export { proposeCorners } from './corners.ts';
export type * from './types.ts';
