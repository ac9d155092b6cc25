/** A labelled folder as the published dataset lays it: which files are there, and of which class. */
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { CLASS_LABELS, type ClassLabel } from '../../src/model/manifest.ts';
import { DataFolderMissing, NoClassFolder, NoPictures } from './errors.ts';

export interface DataFile {
  /** Relative to the data folder, with forward slashes. */
  readonly path: string;
  readonly absolute: string;
}

/** One folder of the data folder. */
export interface DataGroup {
  readonly name: string;
  /** null: not one of the classes; read, but without a score. */
  readonly label: ClassLabel | null;
  /** By name, as people count: 2 before 10. */
  readonly files: readonly DataFile[];
  /** Files that --limit leaves out. */
  readonly leftOut: number;
}

const IMAGES = 'images';
/** Written by file managers, never a picture. */
const CLUTTER = /^(?:\..*|Thumbs\.db|desktop\.ini)$/i;
const byName = new Intl.Collator('en', { numeric: true }).compare;

async function entries(folder: string): Promise<{ files: string[]; folders: string[] }> {
  const files: string[] = [];
  const folders: string[] = [];
  for (const name of await readdir(folder)) {
    if (CLUTTER.test(name)) continue;
    // Links are followed; one that leads nowhere is a file that will be told as gone.
    const facts = await stat(path.join(folder, name)).catch(() => null);
    (facts?.isDirectory() ? folders : files).push(name);
  }
  return { files: files.sort(byName), folders: folders.sort(byName) };
}

async function groupOf(data: string, name: string, limit: number): Promise<DataGroup> {
  const folder = path.join(data, name);
  const { files, folders } = await entries(folder);
  const direct = files.map((file) => [name, file]);
  const inside = folders.includes(IMAGES)
    ? (await entries(path.join(folder, IMAGES))).files.map((file) => [name, IMAGES, file])
    : [];
  const all = [...direct, ...inside].map((parts) => ({
    path: parts.join('/'),
    absolute: path.join(data, ...parts),
  }));
  return {
    name,
    label: CLASS_LABELS.find((label) => label === name) ?? null,
    files: all.slice(0, limit),
    leftOut: Math.max(0, all.length - limit),
  };
}

/**
 * The classes in their own order, then the other folders by name. Pictures lie directly in a folder or
 * in `images/` inside it; deeper folders (`masks/` among them) are left alone.
 * @throws DataFolderMissing, NoClassFolder, NoPictures
 */
export async function readDataFolder(data: string, limit: number): Promise<DataGroup[]> {
  let folders: string[];
  try {
    ({ folders } = await entries(data));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const why =
      code === 'ENOENT' ? 'there is none' : code === 'ENOTDIR' ? 'it is a file' : String(error);
    throw new DataFolderMissing(data, why);
  }
  const classes = CLASS_LABELS.filter((label) => folders.includes(label));
  if (classes.length === 0) throw new NoClassFolder(data, CLASS_LABELS, folders);
  const others = folders.filter((name) => !(CLASS_LABELS as readonly string[]).includes(name));
  const groups = await Promise.all(
    [...classes, ...others].map((name) => groupOf(data, name, limit)),
  );
  if (!groups.some((group) => group.label !== null && group.files.length > 0)) {
    throw new NoPictures(data);
  }
  return groups;
}
