/** What a person opened, as a labelled folder. */
import type { Fault } from '../../base/fault.ts';
import type { FaultData } from '../../base/fault.ts';
import { openTrees, type Branch, type Given, type Leaf } from '../../session/index.ts';
import {
  EmptyClassError,
  MasksWithoutImagesError,
  NoLabelledPicturesError,
  OneClassError,
} from '../errors.ts';
import type { LabelledFile, LabelledFolder, LabelledItem, OpeningProgress } from '../types.ts';
import { sortLabels } from './labels.ts';
import { layOut, type ClassFiles, type PlacedLeaf } from './layout.ts';
import { metadataKey, readSheets, type SheetsRead } from './metadata.ts';
import { originOf } from './origins.ts';
import { readFolder } from './tree.ts';

export interface OpeningOptions {
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: OpeningProgress) => void;
}

/**
 * A folder (by handle, drop or its files) or one ZIP archive of it.
 * @throws NoLabelledPicturesError, OneClassError, FolderUnreadableError, ZipDamagedError …, or the
 * signal's reason. What only a part suffers from is told in `troubles`.
 */
export async function openLabelledFolder(
  given: Given,
  { signal, onProgress }: OpeningOptions,
): Promise<LabelledFolder> {
  const trees = await openTrees(given, signal);
  const troubles: FaultData[] = [];
  let files = 0;
  const onFiles = (count: number): void => onProgress?.({ files: (files += count) });
  const root = await readFolder(together(trees), { troubles, onFiles, signal });
  const { classes, sheets, skipped } = layOut(root);
  const used = classes.filter((each) => {
    const fault = faultOf(each);
    if (fault) troubles.push(fault.toData());
    return !fault;
  });
  const [first, second] = used;
  if (!first) throw new NoLabelledPicturesError();
  if (!second) throw new OneClassError(first.label);
  const read = await readSheets(sheets, signal);
  troubles.push(...read.troubles);
  const labels = sortLabels(used.map(({ label }) => label));
  const strayMasks = new Map<string, number>();
  const items = labels.flatMap((label) => {
    const each = used.find((one) => one.label === label);
    if (!each) return [];
    const { found, stray } = itemsOf(each, read);
    if (stray > 0) strayMasks.set(label, stray);
    return found;
  });
  const name = nameOf(root.name, root.folders[0]?.name);
  return {
    name,
    key: keyOf(name, items),
    labels,
    items,
    audited: false,
    skipped,
    strayMasks,
    sheets: read.sheets,
    troubles,
  };
}

/**
 * The same folder after the audit of near-duplicates.
 * @param groups one for each item, in their order; null where an item has no near-duplicate
 */
export function withGroups(
  folder: LabelledFolder,
  groups: readonly (string | null)[],
): LabelledFolder {
  const items = folder.items.map((item, at) => {
    const { path, label, origin, mask } = item;
    const open = (signal?: AbortSignal): Promise<File> => item.open(signal);
    return { path, label, origin, mask, group: groups[at] ?? null, open };
  });
  return { ...folder, items, audited: true };
}

class LeafFile implements LabelledFile {
  readonly path: string;
  readonly #leaf: Leaf;

  constructor({ path, leaf }: PlacedLeaf) {
    this.path = path;
    this.#leaf = leaf;
  }

  async open(signal?: AbortSignal): Promise<File> {
    signal?.throwIfAborted();
    const blob = await this.#leaf.open(signal);
    return blob instanceof File ? blob : new File([blob], this.#leaf.name);
  }
}

class Item extends LeafFile implements LabelledItem {
  readonly label: string;
  readonly origin: string | null;
  readonly mask: LabelledFile | null;
  readonly group = null;

  constructor(place: PlacedLeaf, label: string, origin: string | null, mask: LabelledFile | null) {
    super(place);
    this.label = label;
    this.origin = origin;
    this.mask = mask;
  }
}

function itemsOf(files: ClassFiles, { entries }: SheetsRead): { found: Item[]; stray: number } {
  const masks = new Map(files.masks.map((place) => [stem(place.path), place]));
  let matched = 0;
  const found = files.images.map((place) => {
    const mask = masks.get(stem(place.path));
    if (mask) matched += 1;
    const origin = originOf(entries.get(metadataKey(place.path))?.url ?? '');
    return new Item(place, files.label, origin, mask ? new LeafFile(mask) : null);
  });
  return { found, stray: Math.max(0, files.masks.length - matched) };
}

/** Published masks have their picture's name; others often add a word. */
function stem(path: string): string {
  return metadataKey(path).replace(/[\s_-]+(mask|seg|segmentation|lungs?)$/, '');
}

function faultOf({ folders, images, masks }: ClassFiles): Fault | null {
  if (images.length > 0) return null;
  const folder = folders.join('”, “');
  return masks.length > 0
    ? new MasksWithoutImagesError(folder, masks.length)
    : new EmptyClassError(folder);
}

/** Class folders dropped side by side are one collection. */
function together(trees: readonly Branch[]): Branch {
  const [only, ...others] = trees;
  if (only && others.length === 0) return only;
  return { name: '', list: async () => ({ files: [], folders: trees }) };
}

function nameOf(top: string, inside: string | undefined): string {
  return top.replace(/\.zip$/i, '') || (inside ?? '');
}

/** FNV-1a over the paths: cheap, and no secret depends on it. */
function keyOf(name: string, items: readonly LabelledItem[]): string {
  let hash = 0x811c9dc5;
  for (const { path } of items) {
    for (let at = 0; at < path.length; at += 1) {
      hash = Math.imul(hash ^ path.charCodeAt(at), 0x01000193);
    }
    hash = Math.imul(hash ^ 0x0a, 0x01000193);
  }
  return `${name}/${items.length}/${(hash >>> 0).toString(16)}`;
}
