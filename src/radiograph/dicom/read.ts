/**
 * DICOM → picture. In order: what the file is and where its pixels lie (dataset.ts, elements.ts), what
 * speaks against reading it (protection.ts), the pixels (frame.ts, native.ts, codecs/), which of header and pixels is right (agree.ts), their grey (grey.ts,
 * color.ts). Of the header only what `attributesOf` gives is kept; identifiers are never read here.
 */
import { damaged, fromWire, toWire, type RadiographError } from '../errors.ts';
import type { DecodeInput } from '../formats/decoder.ts';
import { factsFrom, fittedSize } from '../formats/header.ts';
import { createAreaReducer } from '../pixels/area-reducer.ts';
import { resample } from '../pixels/resample.ts';
import { squareSize } from '../pixels/square.ts';
import type {
  DecodedPicture,
  DecodePurpose,
  RadiographAttributes,
  RadiographFacts,
} from '../types.ts';
import { agreed, type Agreed } from './agree.ts';
import { loadCodec } from './codecs/registry.ts';
import { brightness, paletteTable } from './color.ts';
import { readDataSet, type DicomFile } from './dataset.ts';
import { Fields } from './fields.ts';
import { storedPixels } from './frame.ts';
import { greyMap } from './grey.ts';
import {
  claimedBytes,
  layoutOf,
  readClaims,
  type HeaderClaims,
  type PixelLayout,
} from './header.ts';
import { inOrder, unpackNative, type NativeFrame } from './native.ts';
import {
  attributesOf,
  cautions,
  doubts,
  headerWarnings,
  refuseOtherObjects,
} from './protection.ts';
import { spacingFor } from './spacing.ts';

/**
 * @throws RadiographError by name; the overridable ones (`OVERRIDABLE`) not with `readAnyway`, and
 *   none of them for viewing; the signal's reason
 */
export async function decodeDicom(input: DecodeInput): Promise<DecodedPicture> {
  const { signal, purpose = 'model', frame: number = 0 } = input;
  const file = readDataSet(input.bytes);
  const root = new Fields(file.dataSet);
  refuseOtherObjects(root, file.pixels !== null);
  const fields = root.forFrame(number);
  const claims = readClaims(file, fields);
  const attributes = attributesOf(fields, claims.frames);
  const against = doubts(attributes, fields);
  if (against.length > 0 && purpose === 'model' && !input.readAnyway) throw oneOf(against);

  const unpacked = await unpack(file, claims, fields, number, signal);
  signal?.throwIfAborted();
  const { frame, layout } = unpacked;
  const loss = fields.text(0x00282110) === '01' && frame.loss === 0 ? 'unknown' : frame.loss;
  const drawing = drawn({ ...frame, loss }, layout, fields, purpose);
  const { data, table, presets, colored } = drawing;
  const spacing = spacingFor(attributes, fields, unpacked.sizeAgrees);
  const square = squareSize(layout.width, layout.height, spacing.rows / spacing.columns);
  const { width, height } = fittedSize(square.width, square.height, input.maxPixels);
  const stretched = square.width !== layout.width || square.height !== layout.height;
  const notes = [...unpacked.notes, ...drawing.notes, ...(stretched ? [STRETCHED] : [])];
  const facts = factsOf(layout, fields, spacing.attributes, width, height, colored, number, notes);
  const all: RadiographFacts = {
    ...facts,
    ...(presets.length > 0 && { presets }),
    ...(purpose === 'model' && against.length > 0 && { overridden: against.map(toWire) }),
    warnings: [
      ...(purpose === 'model' ? against.map(readAnyway) : []),
      ...cautions(fields),
      ...facts.warnings,
    ],
  };
  const smaller = width < layout.width || height < layout.height;
  if (smaller && !stretched) {
    const pixels = await reduced(data, table, layout, width, height, signal);
    return { kind: 'pixels', radiograph: { ...all, pixels } };
  }
  const grey = table ? through(table, data) : (data as Uint16Array);
  const samples = {
    width: layout.width,
    height: layout.height,
    layout: 'grey',
    data: grey,
  } as const;
  if (stretched) {
    const pixels = resample({ ...samples, white: 65_535 }, width, height);
    return { kind: 'pixels', radiograph: { ...all, pixels } };
  }
  return { kind: 'samples', samples: { ...samples, white: 65_535 }, facts: all };
}

const STRETCHED =
  'The pixels of this file are not square. The picture is shown in its true proportions.';
const END_MISSING =
  'The mark that ends the pixels is missing; the pixels themselves are all there.';
const SKIPPED = 'A part of the header could not be read and was passed over.';
const OTHER_SYNTAX = 'The pixels are packed in another way than the file says.';

interface Unpacked extends Agreed {
  readonly notes: readonly string[];
}

async function unpack(
  file: DicomFile,
  claims: HeaderClaims,
  fields: Fields,
  number: number,
  signal: AbortSignal | undefined,
): Promise<Unpacked> {
  const { frames } = claims;
  if (number >= frames) throw damaged(`it holds ${frames} pictures, and not number ${number + 1}`);
  const stored = storedPixels(file, number, frames, claimedBytes(claims));
  const native = stored.packing === 'native';
  const room = native ? stored.claimed * (stored.single ? frames : 1) : 0;
  const { layout, notes } = layoutOf(claims, stored.packing, room);
  const before = [
    ...(file.skipped ? [SKIPPED] : []),
    ...(stored.syntaxDiffers ? [OTHER_SYNTAX] : []),
    ...notes,
  ];
  let found: NativeFrame;
  if (stored.packing === 'native') {
    found = unpackNative(file, stored, layout, number);
  } else {
    const codec = await loadCodec(stored.packing);
    signal?.throwIfAborted();
    const frame = await codec.decode(stored, layout, signal);
    const order: string[] = [];
    // Segments of RLE in the other order are known to happen.
    const data =
      stored.packing === 'rle' && frame.samplesPerPixel === 1
        ? inOrder(frame.data, layout, order)
        : frame.data;
    found = { frame: { ...frame, data }, layout, notes: order };
  }
  const agreement = agreed(found.layout, found.frame, fields);
  const ended = stored.endMissing || found.frame.endMissing ? [END_MISSING] : [];
  return { ...agreement, notes: [...before, ...found.notes, ...agreement.notes, ...ended] };
}

interface Drawn {
  /** One sample a pixel; `table` (if any) turns it into grey 0 … 65535. */
  readonly data: Uint8Array | Uint16Array;
  readonly table: Uint16Array | null;
  readonly presets: NonNullable<RadiographFacts['presets']>;
  readonly colored: boolean;
  readonly notes: readonly string[];
}

function drawn(
  frame: Agreed['frame'],
  layout: PixelLayout,
  fields: Fields,
  purpose: DecodePurpose,
): Drawn {
  if (frame.samplesPerPixel === 3) {
    return { ...brightness(frame, layout), table: null, presets: [], notes: [] };
  }
  const { data } = frame;
  if (layout.photometric === 'PALETTE COLOR') {
    const cells = data instanceof Uint8Array ? 256 : 65_536;
    return { data, ...paletteTable(fields, layout, cells), presets: [], notes: [] };
  }
  return { data, ...greyMap(data, layout, fields, purpose, frame.loss), colored: false };
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

/** `attributes` with the spacing that belongs to the pixels as they came. */
function factsOf(
  layout: PixelLayout,
  fields: Fields,
  attributes: RadiographAttributes,
  width: number,
  height: number,
  colored: boolean,
  frame: number,
  notes: readonly string[],
): RadiographFacts {
  const { bitsStored, frames } = layout;
  const facts = factsFrom(
    {
      format: 'dicom',
      width: layout.width,
      height: layout.height,
      bitsStored,
      orientation: 1,
      animated: frames > 1 && frame === 0,
    },
    width,
    height,
    { colored, transparent: false },
  );
  const [row, column] = attributes.pixelSpacing ?? [];
  const scaled =
    row !== undefined && column !== undefined
      ? { pixelSpacing: [(row * layout.height) / height, (column * layout.width) / width] as const }
      : {};
  return {
    ...facts,
    attributes: { ...attributes, ...scaled, ...(frame > 0 && { frame }) },
    warnings: [
      ...facts.warnings,
      ...headerWarnings(fields),
      ...notes.map((message) => ({ code: 'header-differs' as const, message })),
    ],
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
