/** The page's side: a worker holds the photograph and does the work. */
export { FilmTable } from './film-table.ts';
export type { FilmChoice, FilmPhoto, FilmPreview } from './film-worker.ts';
export { FilmCornersError, FilmFailedError } from './errors.ts';
export type * from './types.ts';
