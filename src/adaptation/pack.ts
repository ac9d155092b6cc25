/**
 * An adapted model as one file: a ZIP of manifest, weights, training log and evaluation, with the
 * SHA-256 of each in the index that is checked before anything is believed.
 */
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import * as v from 'valibot';
import type { Manifest } from '../model/index.ts';
import { ImportForOtherModel, ImportUnusable } from './errors.ts';
import { logCsv } from './log.ts';
import { AdaptedManifestSchema, type AdaptedModel } from './model.ts';

const INPUTS = 1280;
/** A head is 50 kB, with all tuned blocks 8 MB. */
const MOST_BYTES = 64 * 1024 * 1024;
const INDEX = 'index.json';

const TensorSchema = v.object({
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
  /** Numbers, float32, little endian, one after the other. */
  length: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MOST_BYTES / 4)),
});

const IndexSchema = v.object({
  kind: v.literal('fieldray-adapted-model'),
  schema: v.literal(1),
  files: v.record(v.string(), v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))),
  tensors: v.pipe(v.array(TensorSchema), v.minLength(1), v.maxLength(200)),
});

export async function packModel(model: AdaptedModel): Promise<Blob> {
  const { manifest, head, gateCenters, overlay } = model;
  const tensors: [string, Float32Array][] = [
    ['head', head],
    ['gate', gateCenters],
    ...Object.entries(overlay),
  ];
  const files: Record<string, Uint8Array> = {
    'manifest.json': strToU8(JSON.stringify(manifest, null, 2)),
    'weights.bin': littleEndian(tensors.map(([, values]) => values)),
    'training-log.csv': strToU8(logCsv(manifest.log)),
    'evaluation.json': strToU8(JSON.stringify(manifest.evaluation, null, 2)),
  };
  const hashes = await Promise.all(
    Object.entries(files).map(async ([name, bytes]) => [name, await sha256(bytes)] as const),
  );
  const index = {
    kind: manifest.kind,
    schema: 1,
    files: Object.fromEntries(hashes),
    tensors: tensors.map(([name, values]) => ({ name, length: values.length })),
  };
  const packed = zipSync({ [INDEX]: strToU8(JSON.stringify(index, null, 2)), ...files });
  return new Blob([packed], { type: 'application/zip' });
}

/**
 * @param base the delivered model on this device
 * @throws ImportUnusable, ImportForOtherModel
 */
export async function unpackModel(
  file: Blob,
  base: Pick<Manifest, 'id' | 'version' | 'assurance'>,
): Promise<AdaptedModel> {
  if (file.size > MOST_BYTES) throw new ImportUnusable('it is too large');
  const files = unzip(new Uint8Array(await file.arrayBuffer()));
  const index = parsed(IndexSchema, files[INDEX], 'its index');
  for (const name of ['manifest.json', 'weights.bin']) {
    if (!(name in index.files)) throw new ImportUnusable(`“${name}” is missing`);
  }
  for (const [name, hash] of Object.entries(index.files)) {
    const bytes = files[name];
    if (!bytes) throw new ImportUnusable(`“${name}” is missing`);
    if ((await sha256(bytes)) !== hash)
      throw new ImportUnusable(`“${name}” was changed or damaged`);
  }
  const manifest = parsed(AdaptedManifestSchema, files['manifest.json'], 'its manifest');
  if (manifest.base.id !== base.id || manifest.base.version !== base.version) {
    throw new ImportForOtherModel(
      `${manifest.base.id} ${manifest.base.version}`,
      `${base.id} ${base.version}`,
    );
  }
  const tensors = takeTensors(index.tensors, files['weights.bin']);
  const { head, gate, ...overlay } = Object.fromEntries(tensors);
  const classes = manifest.labels.length;
  const names = [...(manifest.tuned?.weights ?? [])].sort();
  if (
    head?.length !== (INPUTS + 1) * classes ||
    gate?.length !== manifest.gateGroups.length * (base.assurance?.gate.dimensions ?? 0) ||
    String(Object.keys(overlay).sort()) !== String(names) ||
    tensors.some(([, values]) => !values.every(Number.isFinite))
  ) {
    throw new ImportUnusable('its weights do not fit its manifest');
  }
  const { conformal } = manifest;
  if (conformal?.levels.some(({ thresholds }) => thresholds.length !== classes)) {
    throw new ImportUnusable('its prediction sets do not fit its classes');
  }
  return { manifest, head, gateCenters: gate, overlay };
}

function unzip(bytes: Uint8Array): Record<string, Uint8Array> {
  let sum = 0;
  try {
    return unzipSync(bytes, {
      // What an archive says of itself is not believed further than this.
      filter: ({ originalSize }) => {
        sum += originalSize;
        if (sum > MOST_BYTES) throw new RangeError('too large');
        return true;
      },
    });
  } catch (cause) {
    throw new ImportUnusable('it is no archive, or a damaged one', { cause });
  }
}

function parsed<T>(
  schema: v.GenericSchema<unknown, T>,
  bytes: Uint8Array | undefined,
  what: string,
): T {
  try {
    if (!bytes) throw new RangeError('missing');
    return v.parse(schema, JSON.parse(strFromU8(bytes)));
  } catch (cause) {
    throw new ImportUnusable(`${what} cannot be read`, { cause });
  }
}

function takeTensors(
  specs: readonly v.InferOutput<typeof TensorSchema>[],
  bytes: Uint8Array | undefined,
): [string, Float32Array][] {
  const wanted = specs.reduce((sum, { length }) => sum + 4 * length, 0);
  if (bytes?.byteLength !== wanted) throw new ImportUnusable('its weights are cut off');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  return specs.map(({ name, length }) => {
    const values = new Float32Array(length);
    for (let i = 0; i < length; i++, at += 4) values[i] = view.getFloat32(at, true);
    return [name, values];
  });
}

function littleEndian(lists: readonly Float32Array[]): Uint8Array {
  const bytes = new Uint8Array(lists.reduce((sum, { length }) => sum + 4 * length, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const list of lists) {
    for (const value of list) {
      view.setFloat32(at, value, true);
      at += 4;
    }
  }
  return bytes;
}

async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
