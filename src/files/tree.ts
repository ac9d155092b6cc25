/** Files with their paths (of an archive, of `<input webkitdirectory>`) as a tree of folders. */
import type { Branch, Leaf, Listing } from './types.ts';

interface Node {
  readonly files: Leaf[];
  readonly folders: Map<string, Node>;
}

export function treeOf(name: string, files: Iterable<readonly [path: string, leaf: Leaf]>): Branch {
  const root = newNode();
  for (const [path, leaf] of files) {
    let node = root;
    for (const part of path.split('/').slice(0, -1)) {
      let next = node.folders.get(part);
      if (!next) node.folders.set(part, (next = newNode()));
      node = next;
    }
    node.files.push(leaf);
  }
  return branchOf(name, root);
}

function newNode(): Node {
  return { files: [], folders: new Map() };
}

function branchOf(name: string, node: Node): Branch {
  return {
    name,
    async list(): Promise<Listing> {
      return {
        files: node.files,
        folders: [...node.folders].map(([each, child]) => branchOf(each, child)),
      };
    },
  };
}
