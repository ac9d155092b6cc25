/** Where in a tree of folders the search is, and which of the names there are looked at. */

export interface Place {
  /** Names of the folders above, for the list. */
  readonly path: string;
  readonly depth: number;
  /** Inside an archive: another one is not opened. */
  readonly inArchive: boolean;
  /** Chosen by hand: what cannot be read is told by name instead of being counted. */
  readonly byHand: boolean;
}

export const TOP: Place = { path: '', depth: 0, inArchive: false, byHand: false };

const byName = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

/**
 * What systems put into every folder and archive. Other names that begin with a dot are looked at like
 * any file: a picture may have one.
 */
const SYSTEM_NAMES = new RegExp(
  '^(?:' +
    [
      String.raw`\.DS_Store|\.Trash(?:es|-\d+)?|\.Spotlight-V100|\.fseventsd|\.TemporaryItems`,
      String.raw`\.DocumentRevisions-V100|\.apdisk|\.localized|\.AppleDouble|\.VolumeIcon\.icns|__MACOSX`,
      String.raw`Thumbs\.db|ehthumbs\.db|desktop\.ini|\$RECYCLE\.BIN|System Volume Information`,
      String.raw`\.nomedia|\.thumbnails|\.directory|\.git|\.svn`,
    ].join('|') +
    ')$',
  'i',
);

/** Without what systems leave behind, in the order of names. */
export function visible<T extends { readonly name: string }>(all: readonly T[]): T[] {
  return all
    .filter(({ name }) => !SYSTEM_NAMES.test(name))
    .sort((a, b) => byName.compare(a.name, b.name));
}

export function join(path: string, name: string): string {
  return path === '' ? name : name === '' ? path : `${path}/${name}`;
}
