import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  decodePicture,
  DicomWithoutPixelsError,
  factsOf,
  fromWire,
  RadiographError,
  sniffFormat,
  toWire,
  UnexpectedDecodeError,
  UnsupportedFormatError,
} from '../../src/radiograph/index.ts';
import { ascii, failingBlob, hugeBlob, jpegHead, writeBmp, writeGif } from '../fixtures/images.ts';
import { concat, pngBomb, writePng } from '../fixtures/png.ts';

const refusal = async (content: Blob | Uint8Array<ArrayBuffer> | string) => {
  const blob = content instanceof Blob ? content : new Blob([content]);
  const error: unknown = await decodePicture(blob).then(
    () => new Error('It was opened'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(RadiographError);
  return error as RadiographError;
};

describe('a file that is no radiograph', () => {
  const others: readonly (readonly [string, string | Uint8Array<ArrayBuffer>])[] = [
    ['SVG', '<svg xmlns="http://www.w3.org/2000/svg"/>'],
    ['SVG', '\ufeff<?xml version="1.0"?>\n<!-- made by hand -->\n<svg width="1">'],
    ['web page', '<!DOCTYPE html><title>Not found</title>'],
    ['XML', '<?xml version="1.0"?><report/>'],
    ['text', 'I was renamed to radiograph.png, and nobody noticed: ä ö ü'],
    ['PDF', '%PDF-1.7\n'],
    ['HEIC', ascii('\0\0\0\x18ftypheic\0\0\0\0')],
    ['AVIF', ascii('\0\0\0\x18ftypavif\0\0\0\0')],
    ['video', ascii('\0\0\0\x18ftypmp42\0\0\0\0')],
    ['ZIP', ascii('PK\x03\x04....')],
    ['gzip', ascii('\x1f\x8b\x08\0')],
    ['JPEG 2000', ascii('\0\0\0\x0cjP  \r\n\x87\n')],
    ['JPEG XL', ascii('\xff\x0a\0\0')],
    ['Office', ascii('\xd0\xcf\x11\xe0\xa1\xb1')],
  ];
  it.each(others)('names %s', async (name, content) => {
    const error = await refusal(content);
    expect(error).toBeInstanceOf(UnsupportedFormatError);
    expect(error.message).toContain(name);
    expect(error.remedy).toMatch(/PNG/);
  });

  const own: readonly (readonly [string, string | Uint8Array<ArrayBuffer>, RegExp])[] = [
    ['7-Zip', ascii('7z\xbc\xaf\x27\x1c\0\x04'), /Unpack it.*open the folder/],
    ['RAR', ascii('Rar!\x1a\x07\x01\0'), /Unpack it.*open the folder/],
    ['TAR', concat([new Uint8Array(257), ascii('ustar\0')]), /Unpack it/],
    ['ISO', concat([new Uint8Array(32_769), ascii('CD001\x01\0')]), /Open the ISO on a computer/],
    ['ISO', concat([new Uint8Array(32_769), ascii('BEA01\x01\0')]), /Open the ISO on a computer/],
    ['program', ascii('MZ self extractor\0\0\0\0'), /If it unpacks pictures, start it/],
    ['Windows shortcut', ascii('L\0\0\0\x01\x14\x02\0\0\0\0\0\xc0'), /file that it points to/],
    ['macOS alias', ascii('book\0\0\0\0mark\0\0\0\0'), /file that it points to/],
    ['shortcut', '[InternetShortcut]\r\nURL=https://example.org/\r\n', /file that it points to/],
    ['shortcut', '[Desktop Entry]\nType=Link\n', /file that it points to/],
    [
      'shortcut',
      '<?xml version="1.0"?><plist><dict><key>URL</key><string>x</string></dict></plist>',
      /file that it points to/,
    ],
    ['Mac', ascii('\0\x05\x16\x07\0\x02\0\0Mac OS X        '), /without “\._”/],
    ['HEIC', ascii('\0\0\0\x24ftypheic\0\0\0\0'), /Most Compatible/],
    ['web page', '<!doctype html><title>Sign in</title>', /Sign in there/],
  ];
  it.each(own)('says what to do with a %s', async (name, content, remedy) => {
    const error = await refusal(content);
    expect(error.code).toBe('unsupported-format');
    expect(error.message).toContain(name);
    expect(error.remedy).toMatch(remedy);
    expect(error.remedy).not.toMatch(/copy the file again/i);
  });

  it('is empty, and may have been dragged out of an opened archive', async () => {
    expect((await refusal(new Blob([]))).remedy).toMatch(/open the ZIP itself/);
    expect((await refusal(failingBlob('NotReadableError'))).remedy).toMatch(/cloud folder/);
  });

  it('says that bytes nobody knows are not a picture', async () => {
    const bytes = Uint8Array.from({ length: 300 }, (_, i) => (i * 89 + 3) & 255);
    expect((await refusal(bytes)).code).toBe('unknown-format');
  });

  it('knows DICOM with its preamble and without, and says what is missing in it', async () => {
    const part10 = concat([new Uint8Array(128), ascii('DICM'), new Uint8Array(100)]);
    expect((await refusal(part10)).code).toBe('truncated-picture');
    const bare = ascii('\x08\0\x05\0CS\x0a\0ISO_IR 100');
    const error = await refusal(bare);
    expect(error).toBeInstanceOf(DicomWithoutPixelsError);
    expect(error.message).toContain('holds no picture');
  });

  it('is empty', async () => {
    expect((await refusal(new Blob([]))).code).toBe('empty-file');
  });

  it('is 2 GB large, and is not read for that', async () => {
    const error = await refusal(hugeBlob(2_000_000_000));
    expect(error.code).toBe('file-too-large');
    expect(error.message).toContain('2,000 MB');
  });

  it('was removed, or is a folder', async () => {
    expect((await refusal(failingBlob('NotFoundError'))).code).toBe('file-gone');
    expect((await refusal(failingBlob('NotReadableError'))).code).toBe('file-unreadable');
  });

  it('claims a size that no radiograph has, in every format', async () => {
    const webp = concat([
      ascii('RIFF\x1e\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\xff\xff\x3f\xff\xff\x3f'),
      ascii('VP8 \0\0\0\0'),
    ]);
    const gif = writeGif(2, 2, [() => 0]);
    gif.set([0xff, 0xff, 0xff, 0xff], 6);
    // Compressed, so that the file may be short.
    const bmp = writeBmp(2, 2, () => 0);
    new DataView(bmp.buffer).setInt32(18, 60_000, true);
    new DataView(bmp.buffer).setInt32(22, 60_000, true);
    new DataView(bmp.buffer).setUint32(30, 1, true);
    for (const bytes of [pngBomb(60_000, 60_000), jpegHead(60_000, 60_000), webp, gif, bmp]) {
      const error = await refusal(bytes);
      expect(error.code).toBe('picture-too-large');
      expect(error.message).toMatch(/\d\d,\d{3} × \d\d,\d{3}|4,194,304 × 4,194,304/);
    }
  });
});

describe('a picture that gzip packed', () => {
  const picture = () =>
    writePng({ width: 150, height: 130, bitDepth: 8, colorType: 0, sample: (x, y) => x ^ y });

  it('is opened, with zeros behind it or without its own end', async () => {
    const packed = gzipSync(await picture());
    for (const bytes of [packed, concat([packed, new Uint8Array(9)]), packed.subarray(0, -8)]) {
      const opened = await decodePicture(new Blob([Uint8Array.from(bytes)]));
      expect(factsOf(opened)).toMatchObject({ format: 'png', width: 150, height: 130 });
    }
  });

  it('is refused where it is cut, packed twice, or another thing', async () => {
    const packed = gzipSync(await picture());
    expect((await refusal(Uint8Array.from(packed.subarray(0, 2000)))).code).toBe(
      'truncated-picture',
    );
    expect((await refusal(Uint8Array.from(gzipSync(packed)))).message).toContain('gzip');
    expect((await refusal(Uint8Array.from(gzipSync('a text')))).message).toContain('gzip');
  });
});

describe('sniffFormat', () => {
  it('goes by the bytes alone', () => {
    expect(sniffFormat(pngBomb(1, 1))).toBe('png');
    expect(sniffFormat(jpegHead(1, 1))).toBe('jpeg');
    expect(sniffFormat(writeGif(1, 1, [() => 0]))).toBe('gif');
    expect(sniffFormat(writeBmp(1, 1, () => 0))).toBe('bmp');
    expect(sniffFormat(ascii('RIFF\x1e\0\0\0WEBPVP8X'))).toBe('webp');
    expect(sniffFormat(ascii('RIFF\x1e\0\0\0WAVEfmt '))).toBeNull();
    expect(sniffFormat(ascii('BMW is a make of car, not a bitmap'))).toBeNull();
    expect(sniffFormat(new Uint8Array(0))).toBeNull();
  });
});

describe('errors across a worker border', () => {
  it('come back as the class they were', async () => {
    const error = await refusal(new Blob([]));
    const back = fromWire(structuredClone(toWire(error)));
    expect(back).toBeInstanceOf(error.constructor);
    expect(back).toMatchObject(toWire(error));
    expect(back.name).toBe('EmptyFileError');
  });

  it('stay errors when the code is of another version', () => {
    const back = fromWire({ code: 'from-the-future', message: 'm', remedy: 'r' });
    expect(back).toBeInstanceOf(UnexpectedDecodeError);
    expect(back.message).toBe('m');
  });
});
