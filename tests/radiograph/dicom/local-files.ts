/**
 * In Node, `?url` gives an address of Vite's own server: the codecs' `fetch` is answered from disk.
 * Imported for its effect.
 */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));

globalThis.fetch = async (input) => {
  const address = (input as string).replace(/^\/@fs/, '').replace(/\?.*$/, '');
  const file = address.startsWith(root) ? address : root + address.replace(/^\//, '');
  return new Response(await readFile(file));
};
