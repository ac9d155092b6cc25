/**
 * What one sitting holds: the opened pictures with their readings (in memory only), and the way to
 * look at them.
 * In: files, folders, archives, readings. Out: an observable list, pictures to draw.
 */
import { containerIn } from '../files/page.ts';
import type { Branch, Given, PictureFlow } from '../files/types.ts';
import type { IncomingFile } from './types.ts';

export { answer, type Answer } from '../base/worker/answer.ts';
export { blobOf } from '../files/page.ts';
export { countFilters, filterCases, NO_FILTER } from './filter.ts';
export type { ClassFilter, FilterCounts, ListFilter } from './filter.ts';
export { flagsOf } from './flags.ts';
export { Selection } from './selection.ts';
export { LookingStoppedError, ReadingStoppedError, faultDataOf } from './errors.ts';
export { FilmCornersError, FilmFailedError, FilmTable } from '../film/page.ts';
export type { FilmChoice, FilmPhoto, FilmPreview } from '../film/page.ts';
export { canReadAnyway } from './overrule.ts';
export { packThumbnail } from './thumbnails.ts';
export { Pace, type PaceState } from '../base/pace.ts';
export {
  FULL_WINDOW,
  PictureRenderer,
  PictureViewing,
  ViewingError,
  clampWindow,
  grayOf,
  windowOf,
} from '../viewing/index.ts';
export { ReadingSession } from './session.ts';
export type { SessionJournal, SessionServices } from './session.ts';
export { sortCases } from './ordering.ts';
export { WorkElsewhere, WorkFolderGone, WorkStopped } from '../base/job-faults.ts';
export { WorkerLink } from '../base/worker/link.ts';
export type * from './types.ts';
export type { Branch, Leaf, Listing } from '../files/types.ts';

/** More files than this are listed as they are looked at. */
const AT_ONCE = 200;

/** What was given, as a list or as a flow; the code for folders and archives comes with the first. */
export async function openGiven(given: Given): Promise<Opened> {
  const { files = [], entries = [], folder, folderFiles = [] } = given;
  if (entries.length === 0 && !folder && folderFiles.length === 0 && files.length <= AT_ONCE) {
    const more = await Promise.all(files.map(({ source }) => containerIn(source)));
    if (more.every((container) => container === null)) return { kind: 'files', files };
  }
  const { find } = await import('../files/index.ts');
  return { kind: 'flow', flow: (signal) => find(given, signal) };
}

/** Whether this is a folder, or something that holds one: a single ZIP archive. */
export async function holdsFolder(given: Given): Promise<boolean> {
  const { files = [], entries = [], folder, folderFiles = [] } = given;
  if (entries.length > 0 || folderFiles.length > 0 || folder !== undefined) return true;
  const [only, ...others] = files;
  return only !== undefined && others.length === 0 && (await containerIn(only.source)) === 'zip';
}

/** Pictures to list at once, or a flow of which nobody knows the length. */
export type Opened =
  | { readonly kind: 'files'; readonly files: readonly IncomingFile[] }
  | { readonly kind: 'flow'; readonly flow: PictureFlow };

/** What was given as trees of folders (`sources/index.ts`), with the code for it when it is asked for. */
export async function openTrees(given: Given, signal: AbortSignal): Promise<Branch[]> {
  const { treesIn } = await import('../files/index.ts');
  return treesIn(given, signal);
}

/**
 * A ZIP archive (an Excel sheet is one) as a tree, with the limits that archives have here.
 * @throws the errors of `sources/zip.ts`, or the signal's reason
 */
export async function openArchive(
  archive: Blob,
  name: string,
  signal: AbortSignal,
): Promise<Branch> {
  const { openZip } = await import('../files/index.ts');
  return openZip(archive, name, signal);
}
