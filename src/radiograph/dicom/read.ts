/**
 * DICOM → picture. In order: what the file is and where its pixels lie (dataset.ts, guard.ts), what
 * speaks against reading it (protection.ts), the pixels (frame.ts, codecs/), their grey (grey.ts,
 * color.ts). Of the header only what `attributesOf` gives is kept; identifiers are never read here.
 */
import { createAreaReducer } from '../pixels/area-reducer.ts';
import type { DecodeInput } from '../formats/decoder.ts';
import { fromWire, toWire, type RadiographError } from '../errors.ts';
import { factsFrom, fittedSize } from '../formats/header.ts';
import type {
  DecodedPicture,
  DecodePurpose,
  RadiographAttributes,
  RadiographFacts,
} from '../types.ts';
import type { PlainFrame } from './codecs/codec.ts';
import { loadCodec } from './codecs/registry.ts';
import { brightness, paletteTable } from './color.ts';
import { readDataSet, type DicomFile } from './dataset.ts';
import { Fields } from './fields.ts';
import { packedFrame } from './frame.ts';
import { greyMap } from './grey.ts';
import { readLayout, type PixelLayout } from './header.ts';
import { unpackNative } from './native.ts';
import { attributesOf, doubts, headerWarnings, refuseOtherObjects } from './protection.ts';

/**
 * @throws RadiographError by name; the overridable ones (`OVERRIDABLE`) not with `readAnyway`, and
 *   none of them for viewing; the signal's reason
 */
export async function decodeDicom(input: DecodeInput): Promise<DecodedPicture> {
  const { signal, purpose = 'model' } = input;
  const file = readDataSet(input.bytes);
  const fields = new Fields(file.dataSet);
  refuseOtherObjects(fields, file.pixels !== null);
  const stored = readLayout(file, fields);
  const attributes = attributesOf(fields, stored.frames);
  const against = doubts(attributes, fields);
  if (against.length > 0 && purpose === 'model' && !input.readAnyway) throw oneOf(against);

  const frame = await unpack(file, stored, signal);
  signal?.throwIfAborted();
  const layout = asUnpacked(stored, frame);
  const { data, table, presets, colored } = drawn(frame, layout, fields, purpose);
  const { width, height } = fittedSize(layout.width, layout.height, input.maxPixels);
  const facts = factsOf(layout, fields, attributes, width, height, colored);
  const all: RadiographFacts = {
    ...facts,
    ...(presets.length > 0 && { presets }),
    ...(purpose === 'model' && against.length > 0 && { overridden: against.map(toWire) }),
    warnings: [...(purpose === 'model' ? against.map(readAnyway) : []), ...facts.warnings],
  };
  if (width < layout.width || height < layout.height) {
    const pixels = await reduced(data, table, layout, width, height, signal);
    return { kind: 'pixels', radiograph: { ...all, pixels } };
  }
  const grey = table ? through(table, data) : (data as Uint16Array);
  return {
    kind: 'samples',
    samples: { width, height, layout: 'grey', data: grey, white: 65_535 },
    facts: all,
  };
}

async function unpack(
  file: DicomFile,
  layout: PixelLayout,
  signal: AbortSignal | undefined,
): Promise<PlainFrame> {
  const { packing } = file.syntax;
  if (packing === 'native') return unpackNative(file, layout);
  const bytes = packedFrame(file, layout);
  const codec = await loadCodec(packing);
  signal?.throwIfAborted();
  return codec.decode(bytes, layout, signal);
}

/** A codestream of 8 bits may stand where the header speaks of 12 in 16. */
function asUnpacked(layout: PixelLayout, { data }: PlainFrame): PixelLayout {
  if (!(data instanceof Uint8Array) || layout.bitsAllocated === 8) return layout;
  const bitsStored = Math.min(8, layout.bitsStored);
  return { ...layout, bitsAllocated: 8, bitsStored, highBit: bitsStored - 1 };
}

interface Drawn {
  /** One sample a pixel; `table` (if any) turns it into grey 0 … 65535. */
  readonly data: Uint8Array | Uint16Array;
  readonly table: Uint16Array | null;
  readonly presets: NonNullable<RadiographFacts['presets']>;
  readonly colored: boolean;
}

function drawn(
  frame: PlainFrame,
  layout: PixelLayout,
  fields: Fields,
  purpose: DecodePurpose,
): Drawn {
  if (frame.samplesPerPixel === 3) {
    return { ...brightness(frame, layout), table: null, presets: [] };
  }
  const { data } = frame;
  if (layout.photometric === 'PALETTE COLOR') {
    const cells = data instanceof Uint8Array ? 256 : 65_536;
    return { data, ...paletteTable(fields, layout, cells), presets: [] };
  }
  return { data, ...greyMap(data, layout, fields, purpose), colored: false };
}

function through(table: Uint16Array, data: Uint8Array | Uint16Array): Uint16Array {
  const out = new Uint16Array(data.length);
  // Two loops of the same text: one that meets both kinds of arrays runs several times slower.
  if (data instanceof Uint8Array) for (let i = 0; i < out.length; i++) out[i] = table[data[i]];
  else for (let i = 0; i < out.length; i++) out[i] = table[data[i]];
  return out;
}

/** A large picture row by row: its grey is never whole in memory. */
async function reduced(
  data: Uint8Array | Uint16Array,
  table: Uint16Array | null,
  layout: PixelLayout,
  width: number,
  height: number,
  signal: AbortSignal | undefined,
): Promise<Float32Array> {
  const reducer = createAreaReducer(layout.width, layout.height, width, height);
  const row = new Float32Array(layout.width);
  for (let y = 0; y < layout.height; y++) {
    const from = y * layout.width;
    for (let x = 0; x < row.length; x++) {
      const sample = data[from + x];
      row[x] = (table ? table[sample] : sample) / 65_535;
    }
    reducer.push(row);
    if (y % 512 === 511) await pause(signal);
  }
  return reducer.pixels;
}

/** Lets a message that stops this arrive. */
async function pause(signal: AbortSignal | undefined): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve));
  signal?.throwIfAborted();
}

function factsOf(
  layout: PixelLayout,
  fields: Fields,
  attributes: RadiographAttributes,
  width: number,
  height: number,
  colored: boolean,
): RadiographFacts {
  const { bitsStored, frames } = layout;
  const facts = factsFrom(
    {
      format: 'dicom',
      width: layout.width,
      height: layout.height,
      bitsStored,
      orientation: 1,
      animated: frames > 1,
    },
    width,
    height,
    { colored, transparent: false },
  );
  const [row, column] = attributes.pixelSpacing ?? [];
  const scaled =
    row !== undefined && column !== undefined && width < layout.width
      ? { pixelSpacing: [(row * layout.height) / height, (column * layout.width) / width] as const }
      : {};
  return {
    ...facts,
    attributes: { ...attributes, ...scaled },
    warnings: [...facts.warnings, ...headerWarnings(fields)],
  };
}

/** Several reasons are said at once, under the code of the first. */
function oneOf(against: readonly RadiographError[]): RadiographError {
  const [first, ...others] = against.map(toWire);
  return fromWire({
    ...first,
    message: [first.message, ...others.map(({ message }) => message)].join(' '),
  });
}

function readAnyway(doubt: RadiographError): RadiographFacts['warnings'][number] {
  return { code: 'read-anyway', message: `Read although: ${doubt.message}` };
}
