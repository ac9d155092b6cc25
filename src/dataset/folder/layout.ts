/**
 * Which folder is a class, which files are its pictures and masks. Two forms are known: the published
 * one (`COVID/images`, `COVID/masks`, sheets beside the class folders) and folders of pictures named
 * by class; either may lie below wrappers or below train/validation/test parts.
 */
import type { Leaf } from '../../session/index.ts';
import { labelOf } from './labels.ts';
import type { FolderNode } from './tree.ts';

const PICTURE = /\.(png|jpe?g|jfif|webp|bmp|gif|tiff?|avif|heic|heif|dcm|dicom)$/i;
const SHEET = /\.xlsx$/i;
const MASKS = /^(lung[\s_-]?)?(masks?|segmentations?)$/i;
const PAPERS = /^(read[\s_-]?me|licen[cs]e|copying|change[\s_-]?log|notice|authors|makefile)$/i;
const PARTS = /^(train|training|val|valid|validation|test|testing)$/i;

export interface PlacedLeaf {
  readonly path: string;
  readonly leaf: Leaf;
}

export interface ClassFiles {
  readonly label: string;
  /** Folders it was put together from, for words. */
  readonly folders: string[];
  readonly images: PlacedLeaf[];
  readonly masks: PlacedLeaf[];
}

export interface Layout {
  readonly classes: readonly ClassFiles[];
  readonly sheets: readonly PlacedLeaf[];
  readonly skipped: Map<string, number>;
}

export function layOut(root: FolderNode): Layout {
  const sheets: PlacedLeaf[] = [];
  const skipped = new Map<string, number>();
  const classes = new Map<string, ClassFiles>();
  const skip = ({ name }: Leaf): void => {
    const extension = /\.[^.]+$/.exec(name)?.[0].toLowerCase() ?? '';
    skipped.set(extension, (skipped.get(extension) ?? 0) + 1);
  };
  const takeSheets = (node: FolderNode, picturesToo: boolean): void => {
    for (const leaf of node.files) {
      if (SHEET.test(leaf.name)) sheets.push(placed(node, leaf));
      else if (!picturesToo || !isPicture(leaf)) skip(leaf);
    }
  };
  const collect = (node: FolderNode, into: ClassFiles, masks: boolean): void => {
    takeSheets(node, true);
    const list = masks ? into.masks : into.images;
    for (const leaf of node.files) if (isPicture(leaf)) list.push(placed(node, leaf));
    for (const each of node.folders) collect(each, into, masks || MASKS.test(each.name));
  };
  for (const top of tops(root, (node) => takeSheets(node, false))) {
    const label = labelOf(top.name);
    const files = classes.get(label) ?? { label, folders: [], images: [], masks: [] };
    classes.set(label, files);
    files.folders.push(top.path === '' ? top.name : top.path);
    collect(top, files, false);
  }
  return { classes: [...classes.values()], sheets, skipped };
}

/** The class folders; `passed` is told of every folder above them. */
function tops(root: FolderNode, passed: (node: FolderNode) => void): FolderNode[] {
  let node = root;
  // A wrapper (the archive's own folder, most often) holds one folder and is none of the classes.
  for (;;) {
    if (isClass(node)) return [node];
    passed(node);
    const [only, ...others] = node.folders;
    if (!only || others.length > 0 || isClass(only)) break;
    node = only;
  }
  if (node.folders.length > 0 && node.folders.every(({ name }) => PARTS.test(name))) {
    return node.folders.flatMap((part) => {
      if (isClass(part)) return [part];
      passed(part);
      return part.folders;
    });
  }
  return [...node.folders];
}

/** Pictures lie right in it, or in what is named for pictures or masks. */
function isClass(node: FolderNode): boolean {
  return (
    node.files.some(({ name }) => PICTURE.test(name)) ||
    node.folders.some(({ name }) => MASKS.test(name) || /^(images?|pictures?)$/i.test(name))
  );
}

/**
 * DICOM files are often named by a bare word or by their UID. What a file really is, its bytes tell
 * when it is opened.
 */
function isPicture({ name }: Leaf): boolean {
  if (PICTURE.test(name)) return true;
  return /(^[^.]+|\.\d+)$/.test(name) && !PAPERS.test(name);
}

function placed({ path }: FolderNode, leaf: Leaf): PlacedLeaf {
  return { path: path === '' ? leaf.name : `${path}/${leaf.name}`, leaf };
}
