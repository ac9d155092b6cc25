/** What the schema cannot say of one field alone: do the section's parts and files fit together? */
import { majorOf } from '../contract.ts';
import type { Manifest } from '../manifest.ts';
import type { Assurance } from './assurance.ts';

/** Why what the classifier sees is not told, or cannot be found; null if all is well. */
export function faultOfInput({ version, input, golden, assurance }: Manifest): string | null {
  const told = majorOf(version) >= 2;
  if (told && input.crop === undefined) return '“input.crop” is missing: it is a rule or null';
  if (told && golden.some((known) => known.for === undefined)) {
    return '“golden” does not say what its inputs are for';
  }
  if (input.crop && !assurance?.lungs)
    return '“input.crop” needs a lung network, and there is none';
  return null;
}

/** Why the section does not fit together or to the listed files; null if it does. */
export function faultOfAssurance(
  assurance: Assurance,
  bytesOf: (path: string) => number | undefined,
): string | null {
  const { gate, quality, lungs, hospitals, seen } = assurance;
  const size = bytesOf(gate.file);
  if (size === undefined) return `“${gate.file}” is not listed among the files`;
  if (lungs && bytesOf(lungs.graph) === undefined) {
    return `“${lungs.graph}” is not listed among the files`;
  }
  if (seen && bytesOf(seen.file) !== (seen.count * seen.bits) / 8) {
    return `“${seen.file}” is not listed with ${seen.count} hashes of ${seen.bits} bits`;
  }
  if (hospitals && hospitals.dimensions > gate.dimensions) {
    return 'the hospitals have more dimensions than the gate';
  }
  const tables = new Map(gate.tables.map((table) => [table.name, table]));
  if (tables.size !== gate.tables.length) return 'an array of the gate is named twice';
  const rows = tables.get('directions')?.shape[0] ?? 0;
  const wanted: [string, string, readonly number[]][] = [
    ['center', 'float32', [1280]],
    ['directions', 'int8', [rows, 1280]],
    ['offsets', 'float32', [rows]],
    ['centers', 'float32', [gate.groups.length, gate.dimensions]],
    ['spread', 'float32', [gate.dimensions]],
  ];
  const tilts = tables.get('tilts')?.shape[0] ?? 0;
  if (tilts > 0) wanted.push(['tilts', 'int8', [tilts, 2560]]);
  if (tilts > rows) return 'the gate has more tilts than directions';
  for (const [label, dtype, shape] of wanted) {
    const table = tables.get(label);
    if (table?.dtype !== dtype || String(table.shape) !== String(shape)) {
      return `the gate's array “${label}” is not ${dtype} [${String(shape)}]`;
    }
  }
  for (const table of gate.tables) {
    const length = table.shape.reduce((product, side) => product * side, 1);
    const end = table.offset + length * (table.dtype === 'int8' ? 1 : 4);
    if (table.offset % 4 !== 0 || end > size) return `“${table.name}” lies outside “${gate.file}”`;
    if (table.dtype !== 'int8') continue;
    const scale = tables.get(table.scale);
    if (scale?.dtype !== 'float32' || String(scale.shape) !== String([table.shape[0]])) {
      return `“${table.name}” has no scale for each row`;
    }
  }
  const used = [
    gate.probeRow ?? gate.dimensions,
    ...quality.orientation.rows,
    quality.inverted.row,
    quality.mirrored?.row ?? gate.dimensions,
  ];
  return gate.dimensions <= rows && used.every((row) => row < Math.max(rows, gate.dimensions + 1))
    ? null
    : 'a probe lies outside the gate’s directions';
}
