/** The gate's statistics as they lie in their file (see manifest/assurance.ts for the arithmetic). */
import { ManifestUnusable } from './errors.ts';
import type { Gate } from './manifest.ts';

export interface GateTables {
  /** [1280] */
  readonly center: Float32Array;
  /** [rows, 1280]; the value is byte × `factors[row]`. */
  readonly directions: Int8Array;
  readonly factors: Float32Array;
  /** [rows] */
  readonly offsets: Float32Array;
  /** [groups, dimensions] */
  readonly centers: Float32Array;
  /** [dimensions] */
  readonly spread: Float32Array;
  /** [t, 2560]; added to the last t rows, t = 0 where the model brings none. */
  readonly tilts: Int8Array;
  readonly tiltFactors: Float32Array;
}

/**
 * @param bytes content of `gate.file`
 * @throws ManifestUnusable if an array lies outside of it (parseManifest has checked the rest)
 */
export function readGateTables(gate: Gate, bytes: ArrayBuffer): GateTables {
  const table = (name: string): Gate['tables'][number] => {
    const found = gate.tables.find((entry) => entry.name === name);
    if (!found) throw new ManifestUnusable(`the gate has no array “${name}”`);
    const length = lengthOf(found);
    const size = found.dtype === 'int8' ? length : 4 * length;
    if (found.offset + size > bytes.byteLength) {
      throw new ManifestUnusable(`the gate's array “${name}” is cut off`);
    }
    return found;
  };
  const floats = (name: string): Float32Array => {
    const { offset, ...rest } = table(name);
    return new Float32Array(bytes, offset, lengthOf(rest));
  };
  const rows = (name: string): [Int8Array, Float32Array] => {
    const found = table(name);
    if (found.dtype !== 'int8') {
      throw new ManifestUnusable(`the gate's ${name} are not 8-bit numbers`);
    }
    return [new Int8Array(bytes, found.offset, lengthOf(found)), floats(found.scale)];
  };
  const [directions, factors] = rows('directions');
  const [tilts, tiltFactors] = gate.tables.some(({ name }) => name === 'tilts')
    ? rows('tilts')
    : [new Int8Array(0), new Float32Array(0)];
  return {
    center: floats('center'),
    directions,
    factors,
    tilts,
    tiltFactors,
    offsets: floats('offsets'),
    centers: floats('centers'),
    spread: floats('spread'),
  };
}

function lengthOf({ shape }: { readonly shape: readonly number[] }): number {
  return shape.reduce((product, side) => product * side, 1);
}
