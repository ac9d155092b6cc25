/** The model on offer as the store would give it, in Node from the disk and in a browser from the server. */
import { parseManifest, type Manifest } from '../../../src/model/index.ts';
import { assembleModel } from '../../../src/model/model-bytes.ts';
import type { ModelBytes } from '../../../src/model/types.ts';

/** @param read a file under public/models */
export async function shippedModel(
  read: (path: string) => Promise<ArrayBuffer>,
): Promise<ModelBytes<Manifest>> {
  const json = async (path: string): Promise<unknown> =>
    JSON.parse(new TextDecoder().decode(await read(path)));
  const current = (await json('current.json')) as { manifest: string };
  const folder = current.manifest.slice(0, current.manifest.lastIndexOf('/') + 1);
  const manifest = parseManifest(await json(current.manifest));
  const contents = await Promise.all(
    manifest.files.map(async ({ path }) => [path, await read(folder + path)] as const),
  );
  return assembleModel(manifest, new Map(contents));
}

/** In a browser test: the dev server has public/ at its root. */
export async function fetchShippedModel(): Promise<ModelBytes<Manifest>> {
  return shippedModel(async (path) => (await fetch(`/models/${path}`)).arrayBuffer());
}
