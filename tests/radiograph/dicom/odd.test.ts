/** Files that are not quite as the standard says, as devices and archives write them: the same picture. */
import { deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodePicture,
  factsOf,
  readPatientDetails,
  toRadiograph,
} from '../../../src/radiograph/index.ts';
import { bodyPartOfWord, viewOfWord } from '../../../src/radiograph/dicom/anatomy.ts';
import { readNumber } from '../../../src/radiograph/dicom/number.ts';
import {
  el,
  encapsulated,
  EXPLICIT,
  IMPLICIT,
  itemHead,
  PIXEL_DATA,
  SYNTAX,
  words,
  writeDicom,
  writeElements,
  type Element,
  type Picture,
} from '../../fixtures/dicom.ts';
import { encodeJpeg12, encodeLossless, encodeRle } from '../../fixtures/dicom-encoders.ts';
import { encodeHtj2k, encodeJpeg2000, encodeJpegLs } from '../../fixtures/dicom-packages.ts';
import { concat } from '../../fixtures/png.ts';
import './local-files.ts';

type Bytes = Uint8Array<ArrayBuffer>;

const width = 120;
const height = 128;
const samples = Uint16Array.from({ length: width * height }, (_, i) => {
  const [x, y] = [i % width, Math.floor(i / width)];
  const arc = 900 * Math.sin(x / 17) * Math.cos(y / 23);
  return Math.min(4095, Math.max(0, Math.round(1800 + arc + 6 * x + 4 * y + ((i * 7919) % 23))));
});
const window: Element[] = [el(0x00281050, 'DS', '2047.5'), el(0x00281051, 'DS', '4096')];
const base: Picture = { width, height, bitsStored: 12, pixels: words(samples), more: window };
const explicit = writeDicom(base);
const ascii = (text: string): Bytes => Uint8Array.from(text, (c) => c.charCodeAt(0));

async function greys(file: Uint8Array): Promise<number[]> {
  const picture = await decodePicture(new Blob([Uint8Array.from(file)]));
  return Array.from((await toRadiograph(picture)).pixels);
}

async function warningsOf(file: Uint8Array): Promise<string[]> {
  const picture = await decodePicture(new Blob([Uint8Array.from(file)]));
  return factsOf(picture).warnings.map(({ message }) => message);
}

const right = Array.from(samples, (value) => value / 4095);
const near = (found: number[], most = 1e-3): boolean =>
  found.length === right.length && found.every((value, i) => Math.abs(value - right[i]) < most);

/** `bytes` put in before the element with this tag of an explicit file. */
function before(tag: number, bytes: Uint8Array, file = explicit): Bytes {
  const mark = writeElements([el(tag, 'CS', '')], EXPLICIT).subarray(0, 4);
  const at = file.findIndex((_, i) => i > 131 && mark.every((byte, k) => file[i + k] === byte));
  return concat([file.slice(0, at), Uint8Array.from(bytes), file.slice(at)]);
}

const meta = (elements: Element[], encoding = EXPLICIT): Bytes => writeElements(elements, encoding);
const body = (encoding = EXPLICIT): Bytes => {
  const syntax = encoding.explicit ? SYNTAX.explicit : SYNTAX.implicit;
  return writeDicom({ ...base, syntax, preamble: false, meta: false });
};
const head = concat([new Uint8Array(128), ascii('DICM')]);
const uid = (syntax: string): Element => el(0x00020010, 'UI', syntax);

describe('headers', () => {
  const creator = el(0x00110010, 'LO', 'TEST');
  const odd = (raw: number[]): Bytes =>
    before(0x00180015, concat([writeElements([creator], EXPLICIT), Uint8Array.from(raw)]));
  const tag = [0x11, 0, 1, 0x10];
  const files: [string, () => Bytes][] = [
    ['a private element without a VR', () => odd([...tag, 2, 0, 0, 0, 49, 50])],
    ['a VR of dashes', () => odd([...tag, 45, 45, 2, 0, 49, 50])],
    ['a VR of question marks, long', () => odd([...tag, 63, 63, 0, 0, 4, 0, 0, 0, 1, 2, 3, 4])],
    ['a VR of zeros', () => odd([...tag, 0, 0, 2, 0, 49, 50])],
    [
      'two without a VR in a row',
      () => odd([...tag, 2, 0, 0, 0, 1, 2, 0x11, 0, 2, 0x10, 2, 0, 0, 0, 3, 4]),
    ],
    ['no VR and no length', () => odd([...tag, 255, 255, 255, 255, ...itemHead(0xe0dd, 0)])],
    [
      'fragments in a private element',
      () =>
        odd([
          ...[...tag, 79, 66, 0, 0, 255, 255, 255, 255],
          ...[...itemHead(0xe000, 4), 97, 98, 99, 100, ...itemHead(0xe0dd, 0)],
        ]),
    ],
    [
      'bytes in a private sequence',
      () =>
        odd([
          ...[...tag, 85, 78, 0, 0, 255, 255, 255, 255],
          ...[...itemHead(0xe000, 6), 1, 2, 3, 4, 5, 6, ...itemHead(0xe0dd, 0)],
        ]),
    ],
    ...[0, 8].map((inside): [string, () => Bytes] => [
      `a delimiter ${inside > 0 ? 'in' : 'behind'} a sequence with a length`,
      () => {
        const item = concat([
          itemHead(0xe000, 8),
          writeElements([el(0x00111002, 'LO', '')], EXPLICIT),
        ]);
        const length = item.length + inside;
        return odd([...tag, 83, 81, 0, 0, length, 0, 0, 0, ...item, ...itemHead(0xe0dd, 0)]);
      },
    ]),
    [
      'group 2 implicit',
      () => concat([head, meta([uid(SYNTAX.implicit)], IMPLICIT), body(IMPLICIT)]),
    ],
    [
      'group 2 twice, the second of another syntax',
      () => concat([head, meta([uid(SYNTAX.explicit)]), meta([uid(SYNTAX.lossless1)]), body()]),
    ],
    [
      'group 2 in the data set',
      () =>
        concat([
          head,
          meta([uid(SYNTAX.implicit)]),
          meta([uid('1.2.3')], IMPLICIT),
          body(IMPLICIT),
        ]),
    ],
    ['DICM at 0', () => explicit.slice(128)],
    ['another head before it', () => concat([new Uint8Array(128), explicit])],
    [
      'a MIME part',
      () =>
        concat([
          ascii('\r\n--x\r\nContent-Type: application/dicom\r\n\r\n'),
          explicit,
          ascii('\r\n--x--'),
        ]),
    ],
    [
      'a mail part in base64',
      () =>
        ascii(
          `--x\r\nContent-Type: application/dicom\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(
            explicit,
          )
            .toString('base64')
            .replace(/(.{76})/g, '$1\r\n')}\r\n--x--`,
        ),
    ],
    [
      'deflated with a head of zlib',
      () => concat([head, meta([uid(SYNTAX.deflated)]), deflateSync(body())]),
    ],
    [
      'deflated with a head of gzip',
      () => concat([head, meta([uid(SYNTAX.deflated)]), gzipSync(body())]),
    ],
    ['not deflated at all', () => concat([head, meta([uid(SYNTAX.deflated)]), body()])],
    ['no color model', () => writeDicom({ ...base, photometric: '' })],
    ['an unknown syntax of plain pixels', () => concat([head, meta([uid('1.2.3.4')]), body()])],
    ['bytes in the other order', () => writeDicom({ ...base, pixels: words(samples, false) })],
    [
      'commas in numbers',
      () =>
        writeDicom({
          ...base,
          more: [el(0x00281050, 'DS', '2047,5'), el(0x00281051, 'DS', '4096,0')],
        }),
    ],
    [
      'numbers in binary',
      () =>
        writeDicom({
          ...base,
          more: [
            el(0x00281050, 'FD', new Uint8Array(new Float64Array([2047.5]).buffer)),
            el(0x00281051, 'US', [4096]),
          ],
        }),
    ],
    [
      'a window in the shared functional group',
      () =>
        writeDicom({
          ...base,
          more: [el(0x52009229, 'SQ', [[el(0x00289132, 'SQ', [window])]])],
        }),
    ],
  ];
  it.each(files)('%s', async (_, make) => {
    expect(near(await greys(make()))).toBe(true);
  });

  it('whatever VR a private element has, the picture is the same or the fault has a name', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 2, maxLength: 2 }),
        fc.nat(3),
        async (vr, half) => {
          const length = 2 * half;
          const file = odd([...tag, ...vr, length, 0, ...new Array<number>(length).fill(65)]);
          const found = await greys(file).catch((error: unknown) => error);
          if (found instanceof Error) expect(found).toHaveProperty('code');
          else expect(near(found as number[])).toBe(true);
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe('packed pixels', () => {
  const lossless = encodeLossless(samples, width, height, 12, 1);
  const packed = (syntax: string, value: Uint8Array, more: Partial<Picture> = {}): Bytes =>
    writeDicom({ ...base, syntax, pixels: value, ...more });
  const item = (bytes: Uint8Array): Bytes => encapsulated([bytes]);
  const withoutEnd = (value: Bytes): Bytes => value.slice(0, -8);

  it.each([
    [
      'a space behind the end mark',
      () => packed(SYNTAX.lossless1, item(concat([lossless, ascii(' ')]))),
    ],
    [
      'a trailer behind the end mark',
      () => packed(SYNTAX.lossless1, item(concat([lossless, ascii('ANON1234')]))),
    ],
    ['no end mark', () => packed(SYNTAX.lossless1, item(lossless.slice(0, -2)))],
    [
      'zeros for the delimiter',
      () => packed(SYNTAX.lossless1, concat([withoutEnd(item(lossless)), new Uint8Array(16)])),
    ],
    ['no delimiter', () => packed(SYNTAX.lossless1, withoutEnd(item(lossless)))],
    ['no offset item', () => packed(SYNTAX.lossless1, item(lossless).slice(8))],
    [
      'JPEG named uncompressed',
      () =>
        writeDicom({
          ...base,
          more: [...window, el(PIXEL_DATA, 'OB', item(lossless), 0xffffffff)],
          pixels: undefined,
        }),
    ],
    ['JPEG named JPEG 2000', () => packed(SYNTAX.jpeg2000, item(lossless))],
    ['JPEG named RLE', () => packed(SYNTAX.rle, item(lossless))],
    ['uncompressed in fragments', () => packed('1.2.840.10008.1.2.1.98', item(words(samples)))],
    [
      'uncompressed in two fragments',
      () =>
        packed(
          '1.2.840.10008.1.2.1.98',
          encapsulated([words(samples).slice(0, 5000), words(samples).slice(5000)]),
        ),
    ],
  ] as [string, () => Bytes][])('%s', async (_, make) => {
    expect(near(await greys(make()))).toBe(true);
  });

  it('JPEG not in fragments', async () => {
    const pixels = el(PIXEL_DATA, 'OB', lossless, lossless.length + (lossless.length % 2));
    const file = writeDicom({
      ...base,
      syntax: SYNTAX.lossless1,
      pixels: undefined,
      more: [...window, pixels],
    });
    expect(near(await greys(file))).toBe(true);
  });

  it('JPEG 2000 without its end, with things before it, and after boxes', async () => {
    const stream = await encodeJpeg2000({ width, height, bits: 12, bytes: words(samples) });
    const end = stream.lastIndexOf(0xff);
    const comment = Uint8Array.of(0xff, 0x64, 0, 7, 0, 1, 65, 66, 67);
    const files = [
      stream.slice(0, end),
      concat([stream.slice(0, end), comment, stream.slice(end)]),
      concat([ascii('\0\0\0\x0cjP  \r\n\x87\n'), new Uint8Array(9000), stream]),
      concat([stream, ascii('trailer!')]),
    ];
    for (const bytes of files)
      expect(near(await greys(packed(SYNTAX.jpeg2000, item(bytes))))).toBe(true);
    expect(near(await greys(packed(SYNTAX.lossless1, item(stream))))).toBe(true);
    const warnings = await warningsOf(packed(SYNTAX.jpeg2000, item(files[0])));
    expect(warnings.join()).toContain('The mark that ends the pixels is missing');
    const half = packed(SYNTAX.jpeg2000, item(stream.slice(0, stream.length >> 1)));
    await expect(greys(half)).rejects.toMatchObject({ code: 'truncated-picture' });
  });

  it('the codestream knows its bits, in every codec', async () => {
    const raw = { width, height, bits: 12, bytes: words(samples) };
    const streams: [string, Bytes][] = [
      [SYNTAX.jpegLs, await encodeJpegLs(raw)],
      [SYNTAX.jpeg2000, await encodeJpeg2000(raw)],
      [SYNTAX.htj2k, await encodeHtj2k(raw)],
      [SYNTAX.lossless1, lossless],
      [SYNTAX.extended, encodeJpeg12(samples, width, height, 2)],
    ];
    for (const [syntax, bytes] of streams) {
      const file = packed(syntax, item(bytes), { bitsStored: 10 });
      expect(near(await greys(file), 0.01), syntax).toBe(true);
      expect((await warningsOf(file)).join(), syntax).toContain(
        '10 bits a sample, the pixels say 12',
      );
    }
    // A stream made for 16 bits that holds 12: nothing differs.
    const wide = packed(SYNTAX.lossless1, item(encodeLossless(samples, width, height, 16, 1)));
    expect(near(await greys(wide))).toBe(true);
    expect(await warningsOf(wide)).toEqual([]);
  });

  it('the codestream knows its size; where that is another picture, both sizes are named', async () => {
    const transposed = encodeLossless(samples, height, width, 12, 1);
    expect(near(await greys(packed(SYNTAX.lossless1, item(transposed))))).toBe(true);
    const other = packed(SYNTAX.lossless1, item(lossless), { width: 130, height: 140 });
    expect(near(await greys(other))).toBe(true);
    expect((await warningsOf(other)).join()).toContain('130 × 140');
    const far = packed(SYNTAX.lossless1, item(lossless), { width: 1200, height: 1280 });
    await expect(greys(far)).rejects.toThrow(/1200 × 1280.*120 × 128/);
  });

  it('RLE of two bytes under a header of one', async () => {
    const rle = encodeRle([
      Uint8Array.from(samples, (v) => v >> 8),
      Uint8Array.from(samples, (v) => v & 255),
    ]);
    const file = packed(SYNTAX.rle, item(rle), { bitsAllocated: 8 });
    expect(near(await greys(file))).toBe(true);
  });

  it('padding moved by a lossy codec is still padding', async () => {
    const padded = samples.map((value, i) => (i % width < 20 ? 0 : Math.max(400, value)));
    const stream = await encodeJpegLs(
      { width, height, bits: 12, bytes: words(padded.map((v, i) => (v === 0 ? i % 4 : v))) },
      3,
    );
    const file = packed(SYNTAX.jpegLsNear, item(stream), {
      photometric: 'MONOCHROME1',
      more: [...window, el(0x00280120, 'US', [0])],
    });
    const found = await greys(file);
    expect(found.every((value, i) => i % width >= 20 || value === 0)).toBe(true);
    expect(found.some((value) => value > 0.5)).toBe(true);
  });
});

describe('color', () => {
  const eight = Uint8Array.from(samples, (value) => value >> 4);
  const three = { bitsAllocated: 8, bitsStored: 8, samplesPerPixel: 3, more: [] };
  const expand = (place: (value: number) => number[]): Bytes =>
    Uint8Array.from([...eight].flatMap(place));
  const rgb = expand((value) => [value, value, value]);
  const ybr = expand((value) => [value, 128, 128]);
  const planes = concat([eight, eight, eight]);

  it.each([
    ['4:4:4 RGB named 4:2:2', { photometric: 'YBR_FULL_422', pixels: rgb }],
    ['4:4:4 YBR named 4:2:2', { photometric: 'YBR_FULL_422', pixels: ybr }],
    ['RGB named YBR', { photometric: 'YBR_FULL', pixels: rgb }],
    ['YBR named RGB', { photometric: 'RGB', pixels: ybr }],
    ['planes named pixels', { photometric: 'RGB', planar: 0, pixels: planes }],
    ['pixels named planes', { photometric: 'RGB', planar: 1, pixels: rgb }],
    ['one sample named three', { photometric: 'RGB', pixels: eight }],
  ] as [string, Partial<Picture>][])('%s', async (_, picture) => {
    const file = writeDicom({ ...base, ...three, ...picture });
    expect(near(await greys(file), 0.01)).toBe(true);
    expect((await warningsOf(file)).length).toBeGreaterThan(0);
  });

  it.each([
    [16, 256, words(Array.from({ length: 256 }, (_, i) => i))],
    [16, 256, Uint8Array.from({ length: 256 }, (_, i) => i)],
    [16, 256, words(Array.from({ length: 256 }, (_, i) => i * 257))],
    [8, 256, Uint8Array.from({ length: 256 }, (_, i) => i)],
    [8, 256, words(Array.from({ length: 256 }, (_, i) => i * 257))],
  ])('a palette of %i bits and %i entries, as it is filled', async (bits, entries, table) => {
    const more = [1, 2, 3].flatMap((channel) => [
      el(0x00281100 + channel, 'US', [entries, 0, bits]),
      el(0x00281200 + channel, 'OW', table),
    ]);
    const eightBits = { bitsAllocated: 8, bitsStored: 8, photometric: 'PALETTE COLOR' };
    expect(
      near(await greys(writeDicom({ ...base, ...eightBits, pixels: eight, more })), 0.01),
    ).toBe(true);
  });

  it('more bytes than make sense are refused with both numbers', async () => {
    const wide = Uint16Array.from({ length: (width + 7) * height }, (_, i) => {
      const [x, y] = [i % (width + 7), Math.floor(i / (width + 7))];
      return x < width ? samples[y * width + x] : 0;
    });
    const file = writeDicom({ ...base, pixels: words(wide) });
    const found = await greys(file).catch((error: unknown) => (error as Error).message);
    if (typeof found === 'string') expect(found).toContain('30,720');
    else expect((await warningsOf(file)).join()).toContain('32,512');
  });
});

describe('words', () => {
  it.each([
    ...[
      'TÓRAX',
      'THORAX',
      'TORAKS',
      'THX',
      'KLATKA PIERSIOWA',
      'ГРУДНАЯ КЛЕТКА',
      '胸部',
      '흉부',
      'صدر',
    ],
    ...['Chest PA', 'POUMONS', 'Lunge', 'torace', 'GÖĞÜS', 'ОГК'],
  ])('%s is a chest', (word) => expect(bodyPartOfWord(word)).toBe('chest'));

  it.each(['KNEE', 'TSPINE', 'RODILLA', 'КОЛЕНО', '膝', 'BRUSTWIRBELSÄULE', '胸椎', 'Abdomen'])(
    '%s is none',
    (word) => expect(bodyPartOfWord(word)).toBe('other'),
  );

  it.each([
    'PERFIL',
    'LAT IZQ',
    'LL',
    'LATERAL',
    'profil',
    'БОКОВАЯ',
    '側面',
    'Seitlich',
    'YAN',
    'BOCZNE',
  ])('%s is seen from the side', (word) => expect(viewOfWord(word)).toBe('lateral'));

  it.each(['AP', 'PA', 'LLD', 'LATERAL DECUBITUS', 'Frontal', '正位', 'ПРЯМАЯ'])(
    '%s is frontal',
    (word) => expect(viewOfWord(word)).toBe('frontal'),
  );

  it('a code counts more than a word; a word nobody knows is a caution', async () => {
    const region = (code: string) => el(0x00082218, 'SQ', [[el(0x00080100, 'SH', code)]]);
    const knee = el(0x00180015, 'CS', 'KNEE');
    expect(
      near(await greys(writeDicom({ ...base, more: [...window, knee, region('51185008')] }))),
    ).toBe(true);
    await expect(
      greys(writeDicom({ ...base, more: [...window, region('72696002')] })),
    ).rejects.toMatchObject({ code: 'dicom-body-part' });
    const strange = writeDicom({ ...base, more: [...window, el(0x00180015, 'CS', 'QXZ')] });
    expect((await warningsOf(strange)).join()).toContain('QXZ');
  });

  it.each([
    ['ISO_IR 192', [...new TextEncoder().encode('Müller^Jörg')], 'Müller, Jörg'],
    ['ISO_IR 100', [...new TextEncoder().encode('Müller^Jörg')], 'Müller, Jörg'],
    ['ISO_IR 100', [0x4d, 0xfc, 0x6c, 0x6c, 0x65, 0x72], 'Müller'],
    ['ISO_IR 100', [0xd5, 0xc5, 0x5e, 0xba, 0xec], '张, 红'],
    ['GB18030', [0xd5, 0xc5, 0x5e, 0xba, 0xec], '张, 红'],
    ['\\ISO 2022 IR 149', [0x1b, 0x24, 0x29, 0x43, 0xb1, 0xe8], '김'],
    ['ISO_IR 192', [0xd5, 0xc5], '张'],
  ] as [string, number[], string][])('a name in %s', async (set, name, expected) => {
    const more = [
      ...window,
      el(0x00080005, 'CS', set),
      el(0x00100010, 'PN', Uint8Array.from(name)),
    ];
    expect((await readPatientDetails(new Blob([writeDicom({ ...base, more })])))?.name).toBe(
      expected,
    );
  });

  it('numbers are read as they are meant, or not at all', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (any) => {
        const value = any + 0;
        expect(readNumber(String(value))).toEqual([value]);
        expect(readNumber(` ${String(value).replace('.', ',')} `)).toEqual([value]);
      }),
    );
    for (const text of ['1,2,3', '1.2,3', 'x', '0x1', '1 2', 'Infinity', '--1', '1e']) {
      expect(readNumber(text), text).toBeNull();
    }
    expect(readNumber('0.1,0.2')).toEqual([0.1, 0.2]);
  });
});

describe('several frames', () => {
  it('each can be chosen, uncompressed and packed', async () => {
    const other = samples.map((value) => 4095 - value);
    const native = writeDicom({
      ...base,
      frames: 2,
      pixels: concat([words(samples), words(other)]),
    });
    const [a, b] = [samples, other].map((one) => encodeLossless(one, width, height, 12, 1));
    const packed = writeDicom({
      ...base,
      frames: 2,
      syntax: SYNTAX.lossless1,
      pixels: encapsulated([a, b]),
    });
    for (const file of [native, packed]) {
      const second = await decodePicture(new Blob([file]), { frame: 1 });
      const { pixels, attributes, warnings } = await toRadiograph(second);
      expect(near(Array.from(pixels, (value) => 1 - value))).toBe(true);
      expect(attributes).toMatchObject({ frames: 2, frame: 1 });
      expect(warnings).toEqual([]);
      await expect(decodePicture(new Blob([file]), { frame: 2 })).rejects.toThrow('2 pictures');
    }
  });
});
