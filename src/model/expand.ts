/**
 * Weights stored as 8 bits with one scale per channel → float32. tfjs itself knows only one scale per
 * weight, which costs this network several points of accuracy; expanded once at load, it runs at full
 * speed and nothing in the graph has to know. training/fieldray_training/quantize.py writes them and
 * computes the golden answers from the same float32 numbers, to the bit.
 */
import * as v from 'valibot';
import { ManifestUnusable } from './errors.ts';

const side = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1 << 28));

/** A stored byte q stands for (q − zero) × scale[channel]; the channels lie along `axis`. */
const PerChannel = v.object({
  dtype: v.literal('uint8-per-channel'),
  axis: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(7)),
  zero: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(255)),
  /** Name of the float32 weight, further on in the same list, that holds the scales. */
  scale: v.string(),
});

const WeightSpec = v.looseObject({
  name: v.string(),
  shape: v.pipe(v.array(side), v.maxLength(8)),
  dtype: v.picklist(['float32', 'int32', 'bool']),
  quantization: v.optional(
    v.union([
      PerChannel,
      v.looseObject({ dtype: v.picklist(['float16', 'uint8', 'uint16', 'float32']) }),
    ]),
  ),
});
type WeightSpec = v.InferOutput<typeof WeightSpec>;

const GraphSchema = v.looseObject({
  weightsManifest: v.array(
    v.looseObject({ paths: v.array(v.string()), weights: v.optional(v.array(WeightSpec)) }),
  ),
});

const BYTES = {
  float32: 4,
  int32: 4,
  bool: 1,
  float16: 2,
  uint16: 2,
  uint8: 1,
  'uint8-per-channel': 1,
} as const;

export interface WeightFiles {
  /** Parsed model.json. */
  readonly graph: unknown;
  /** Weight bytes in the order the graph's weightsManifest names them. */
  readonly shards: readonly ArrayBuffer[];
}

/**
 * Gives a model that any tfjs loader takes; one without per-channel weights comes back as it is.
 * @throws ManifestUnusable if sizes and names do not fit together
 */
export function expandWeights(files: WeightFiles): WeightFiles {
  const parsed = v.safeParse(GraphSchema, files.graph);
  if (!parsed.success) throw new ManifestUnusable('the graph names its weights in an unknown way');
  const specs = parsed.output.weightsManifest.flatMap((group) => group.weights ?? []);
  if (!specs.some((spec) => perChannelOf(spec))) return files;

  const stored = bytesByName(specs, files.shards);
  const scales = new Set(specs.map((spec) => perChannelOf(spec)?.scale));
  const weights: WeightSpec[] = [];
  const shards: ArrayBuffer[] = [];
  for (const spec of specs) {
    if (scales.has(spec.name)) continue;
    const bytes = bytesOf(stored, spec.name);
    const how = perChannelOf(spec);
    weights.push(how ? { name: spec.name, shape: spec.shape, dtype: spec.dtype } : spec);
    shards.push(how ? expand(spec, how, bytes, bytesOf(stored, how.scale)) : bytes.slice().buffer);
  }
  const paths = weights.map((spec) => spec.name);
  return { graph: { ...parsed.output, weightsManifest: [{ paths, weights }] }, shards };
}

function perChannelOf(spec: WeightSpec): v.InferOutput<typeof PerChannel> | null {
  const parsed = v.safeParse(PerChannel, spec.quantization);
  return parsed.success ? parsed.output : null;
}

function bytesByName(
  specs: readonly WeightSpec[],
  shards: readonly ArrayBuffer[],
): ReadonlyMap<string, Uint8Array<ArrayBuffer>> {
  const all = new Uint8Array(shards.reduce((sum, shard) => sum + shard.byteLength, 0));
  let filled = 0;
  for (const shard of shards) {
    all.set(new Uint8Array(shard), filled);
    filled += shard.byteLength;
  }
  const byName = new Map<string, Uint8Array<ArrayBuffer>>();
  let offset = 0;
  for (const spec of specs) {
    const length = countOf(spec.shape) * BYTES[spec.quantization?.dtype ?? spec.dtype];
    byName.set(spec.name, all.subarray(offset, offset + length));
    offset += length;
  }
  if (offset !== all.length) {
    throw new ManifestUnusable(`the weights need ${offset} bytes, the files hold ${all.length}`);
  }
  return byName;
}

function bytesOf(
  stored: ReadonlyMap<string, Uint8Array<ArrayBuffer>>,
  name: string,
): Uint8Array<ArrayBuffer> {
  const bytes = stored.get(name);
  if (!bytes) throw new ManifestUnusable(`the weight “${name}” is not listed`);
  return bytes;
}

function expand(
  spec: WeightSpec,
  how: v.InferOutput<typeof PerChannel>,
  bytes: Uint8Array,
  scaleBytes: Uint8Array<ArrayBuffer>,
): ArrayBuffer {
  // A copy: the scales may begin at any byte of the file.
  const scales = new Float32Array(scaleBytes.slice().buffer);
  const channels = spec.shape[how.axis];
  if (scales.length !== channels) {
    throw new ManifestUnusable(`“${how.scale}” does not hold one scale a channel`);
  }
  const inner = countOf(spec.shape.slice(how.axis + 1));
  const values = new Float32Array(bytes.length);
  for (let start = 0, channel = 0; start < values.length; start += inner) {
    const scale = scales[channel] ?? 0;
    for (let i = start; i < start + inner; i += 1) {
      values[i] = ((bytes[i] ?? 0) - how.zero) * scale;
    }
    channel = channel + 1 === channels ? 0 : channel + 1;
  }
  return values.buffer;
}

function countOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}
