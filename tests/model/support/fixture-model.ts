/**
 * A model made for tests: a manifest as training/ writes it and files with the right sizes and hashes.
 * The bytes are no network; what delivers them cannot tell. Runs in Node and in the browser.
 */
import { CLASS_LABELS, type Manifest } from '../../../src/model/manifest.ts';
import { unit } from '../../../src/model/phantom.ts';

export interface FixtureOptions {
  /** One of version 1 says nothing of what the classifier sees. */
  readonly version?: string;
  /** Makes other bytes. */
  readonly seed?: number;
  readonly shards?: readonly number[];
  readonly graphBytes?: number;
}

export interface FixtureModel {
  readonly manifest: Manifest;
  /** Everything the server needs, by path below the base address. */
  readonly site: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
  /** The model's files by path inside the version's folder, in the manifest's order. */
  readonly files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
  readonly folder: string;
  readonly totalBytes: number;
  /** Under which the store keeps it. */
  readonly key: string;
}

const ID = 'fixture-net';
const encoder = new TextEncoder();

export async function fixtureModel(options: FixtureOptions = {}): Promise<FixtureModel> {
  const { version = '2.0.0', seed = 1, shards = [180_000, 120_001], graphBytes = 9_000 } = options;
  const names = shards.map((_, index) => `weights-${index + 1}of${shards.length}.bin`);
  const files = new Map([['graph/model.json', graphOf(names, seed, graphBytes)]]);
  for (const [index, name] of names.entries()) {
    files.set(`graph/${name}`, bytesOf(shards[index], seed * 100 + index));
  }
  const listed = [];
  for (const [path, bytes] of files) {
    listed.push({ path, bytes: bytes.length, sha256: await hash(bytes) });
  }
  const manifest = { ...manifestBody(version), files: listed };
  const folder = `${ID}/${version}/`;
  return {
    manifest,
    files,
    folder,
    site: siteOf(manifest, files, folder),
    key: `${ID}@${version}/${(await hash(encoder.encode(JSON.stringify(manifest)))).slice(0, 12)}`,
    totalBytes: listed.reduce((sum, file) => sum + file.bytes, 0),
  };
}

/** The same site with another manifest: for faulty ones. */
export function siteOf(
  manifest: unknown,
  files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>,
  folder: string,
  current?: unknown,
): Map<string, Uint8Array<ArrayBuffer>> {
  const version = folder.split('/')[1];
  const site = new Map<string, Uint8Array<ArrayBuffer>>();
  const offer = current ?? { id: ID, version, manifest: `${folder}manifest.json` };
  site.set('current.json', encoder.encode(JSON.stringify(offer)));
  site.set(`${folder}manifest.json`, encoder.encode(JSON.stringify(manifest)));
  for (const [path, bytes] of files) site.set(folder + path, bytes);
  return site;
}

/** Bytes that do not compress and look like nothing. */
export function bytesOf(length: number, seed: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length }, (_, i) => Math.floor(unit(i, seed, 9) * 256));
}

async function hash(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function graphOf(names: readonly string[], seed: number, length: number): Uint8Array<ArrayBuffer> {
  const graph = {
    format: 'graph-model',
    modelTopology: { seed },
    // The order the runtime reads the shards in is the graph's, not the manifest's.
    weightsManifest: [{ paths: [...names].reverse(), weights: [] }],
  };
  return encoder.encode(JSON.stringify(graph).padEnd(length, ' '));
}

function manifestBody(version: string): Omit<Manifest, 'files'> {
  const told = !version.startsWith('1.');
  return {
    schema: 1,
    id: ID,
    version,
    created: '2026-01-02T03:04:05.000Z',
    labels: [...CLASS_LABELS],
    input: {
      name: 'input',
      shape: [1, 224, 224, 1],
      range: [0, 1],
      resize: 'box-squash',
      ...(told && { crop: null }),
    },
    outputs: { logits: 'logits', features: 'features' },
    weights: { dtype: 'float16' },
    graph: 'graph/model.json',
    temperature: 1.2,
    golden: [
      {
        input: 'phantom',
        ...(told && { for: 'classifier' as const }),
        variant: 0,
        logits: [0.1, 0.2, 0.3, 0.4],
      },
    ],
    tolerance: 0.05,
    evaluation: {
      groups: [{ name: 'test', images: 10, accuracy: 0.9 }],
      tables: [],
      trainingLog: [],
      keptEpoch: 0,
    },
    card: {
      title: 'Fixture',
      summary: 'Bytes for tests.',
      intendedUse: [],
      notFor: [],
      data: [],
      faults: [],
      shortcuts: [],
      counts: [],
    },
    licence: 'Apache-2.0',
    command: 'fixture',
  };
}
