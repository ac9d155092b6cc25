/** Small labelled folders that a head can learn: phantoms, dark below or dark above by class. */
import { openLabelledFolder, type LabelledFolder } from '../../src/dataset/index.ts';
import { chestPhantom } from '../../src/model/index.ts';
import { writeGreyPng } from '../../src/radiograph/pixels/png-writer.ts';
import { givenFolder, type FileBytes } from '../fixtures/labelled-folder.ts';

const SIDE = 96;
/** What tells the classes apart: a factor by row and column, 0 … 1. */
const LOOKS = [
  (x: number, _y: number) => (x < 0.5 ? 1 : 0.25),
  (_x: number, y: number) => (y < 0.5 ? 1 : 0.25),
  (x: number, y: number) => (Math.hypot(x - 0.5, y - 0.5) < 0.3 ? 0.2 : 1),
];

export async function classPicture(
  look: number,
  variant: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const data = chestPhantom(SIDE, variant);
  const factor = LOOKS[look % LOOKS.length] ?? (() => 1);
  for (let at = 0; at < data.length; at++) {
    data[at] *= factor((at % SIDE) / SIDE, Math.floor(at / SIDE) / SIDE);
  }
  const png = await writeGreyPng({ width: SIDE, height: SIDE, data });
  return new Uint8Array(await png.arrayBuffer());
}

/** @param counts pictures of each class */
export async function learnableFiles(
  counts: Readonly<Record<string, number>>,
): Promise<Record<string, FileBytes>> {
  const files: Record<string, FileBytes> = {};
  for (const [look, [label, count]] of Object.entries(counts).entries()) {
    for (let n = 0; n < count; n++) {
      files[`${label}/${label} ${n}.png`] = await classPicture(look, 10 * look + (n % 7) + 20 * n);
    }
  }
  return files;
}

export async function learnableFolder(
  counts: Readonly<Record<string, number>>,
  more: Readonly<Record<string, FileBytes>> = {},
): Promise<LabelledFolder> {
  const files = { ...(await learnableFiles(counts)), ...more };
  return openLabelledFolder(givenFolder('site', files), { signal: new AbortController().signal });
}
