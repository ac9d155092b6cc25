import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { Fault } from '../../src/base/fault.ts';
import { blobOf } from '../../src/session/index.ts';
import type { FoundItem } from '../../src/files/types.ts';
import { readZipDirectory } from '../../src/files/zip-directory.ts';
import { RATIO_COUNTS_FROM, ZipLeaf } from '../../src/files/zip-entry.ts';
import { lines, openArchive } from './support/found.ts';
import { writeZip } from './support/zip-writer.ts';
import type { ZipFile } from './support/zip-writer.ts';

/** Enough of a PNG to be taken for one. */
function png(tail: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.of(
    0x89,
    0x50,
    0x4e,
    0x47,
    0x0d,
    0x0a,
    0x1a,
    0x0a,
    ...new TextEncoder().encode(tail),
  );
}

const text = (content: string) => new TextEncoder().encode(content);
const file = (name: string, more: Partial<ZipFile> = {}): ZipFile => ({
  name,
  content: png(name),
  ...more,
});

async function bytesOf(item: FoundItem | undefined): Promise<string> {
  if (item?.kind !== 'picture') throw new Error('There is no picture.');
  const blob = await blobOf(item.source);
  return new TextDecoder().decode(new Uint8Array(await blob.arrayBuffer()).subarray(8));
}

/** The fault that opening the first picture ends with, by code. */
async function faultOf(found: readonly FoundItem[]): Promise<string> {
  const [item] = found;
  if (item?.kind === 'trouble') return item.fault.code;
  if (item?.kind !== 'picture') return `no fault: ${item?.kind}`;
  try {
    await blobOf(item.source);
    return 'no fault';
  } catch (reason) {
    return reason instanceof Fault ? reason.code : String(reason);
  }
}

describe('an archive', () => {
  it('as a library writes it: pictures by path, stored and deflated, with their very bytes', async () => {
    const found = await openArchive(
      zipSync({
        'b/2.png': [png('second'), { level: 9 }],
        'b/10.png': [png('tenth'), { level: 0 }],
        'a.txt': text('notes'),
        '__MACOSX/b/._2.png': png('shadow'),
        '.DS_Store': text('x'),
      }),
    );
    expect(lines(found)).toEqual([
      'skipped text: a.zip/a.txt',
      'picture: a.zip/b/2.png',
      'picture: a.zip/b/10.png',
    ]);
    expect(await bytesOf(found[1])).toBe('second');
    expect(await bytesOf(found[2])).toBe('tenth');
    // Again: the viewer opens what the list has read.
    expect(await bytesOf(found[1])).toBe('second');
  });

  it('with ZIP64 sizes and end, a comment that looks like an end, and Windows paths', async () => {
    const found = await openArchive(
      writeZip([file('dir\\one.png', { zip64: true }), file('two.png', { zip64: true })], {
        zip64: true,
        comment: 'PK\x05\x06 is how an end begins',
      }),
    );
    expect(lines(found)).toEqual(['picture: a.zip/two.png', 'picture: a.zip/dir/one.png']);
    expect(await bytesOf(found[1])).toBe('dir\\one.png');
  });

  it('reads no more of it than the end, the directory and what is asked for', async () => {
    const noise = new Uint8Array(3_000_000).fill(7);
    const archive = new Blob([
      writeZip([{ name: 'big.png', content: noise, method: 0 }, file('small.png')]),
    ]);
    let read = 0;
    const slice = archive.slice.bind(archive);
    archive.slice = (from = 0, to = archive.size, type) => {
      read += to - from;
      return slice(from, to, type);
    };
    const entries = await readZipDirectory(archive);
    await new ZipLeaf(archive, entries[1]).open();
    expect(read).toBeLessThan(100_000);
  });

  it('of an Office document is a document, not an archive', async () => {
    const found = await openArchive(
      zipSync({
        'letter.docx': zipSync({ '[Content_Types].xml': text('<x/>'), 'word/d.xml': text('<x/>') }),
        'scan.png': png('scan'),
      }),
    );
    expect(lines(found)).toEqual([
      'skipped document: a.zip/letter.docx',
      'picture: a.zip/scan.png',
    ]);
  });
});

describe('refused, each with its own code', () => {
  const whole = writeZip([file('a.png'), file('b.png')]);
  const cases: readonly (readonly [string, string, () => Uint8Array<ArrayBuffer>])[] = [
    ['locked', 'zip-encrypted', () => writeZip([file('a.png', { flags: 1 })])],
    ['strongly locked', 'zip-encrypted', () => writeZip([file('a.png', { flags: 0x41 })])],
    ['climbing', 'zip-climbs', () => writeZip([file('ok.png'), file('../../etc/a.png')])],
    ['climbing by backslash', 'zip-climbs', () => writeZip([file('x\\..\\..\\a.png')])],
    ['climbing from a root', 'zip-climbs', () => writeZip([file('C:\\..\\a.png')])],
    [
      'an archive in an archive',
      'zip-in-zip',
      () => writeZip([{ name: 'in.zip', content: writeZip([file('a.png')]) }]),
    ],
    ['cut', 'zip-damaged', () => whole.slice(0, whole.length - 40)],
    ['another method', 'zip-method', () => writeZip([file('a.png', { method: 12 })])],
    [
      'larger than it says',
      'zip-bomb',
      () => writeZip([file('a.png', { content: png('x'.repeat(9999)), claims: { bytes: 600 } })]),
    ],
    [
      'smaller than it says',
      'zip-damaged',
      () => writeZip([file('a.png', { claims: { bytes: 600 } })]),
    ],
    [
      'larger than anything',
      'zip-bomb',
      () => writeZip([file('a.png', { claims: { bytes: 3_000_000_000 } })]),
    ],
    ['a wrong checksum', 'zip-damaged', () => writeZip([file('a.png', { claims: { crc: 1 } })])],
    [
      'shared bytes',
      'zip-bomb',
      () => writeZip([file('a.png'), file('b.png', { sameAs: 0 }), file('c.png', { sameAs: 0 })]),
    ],
  ];
  it.each(cases)('%s', async (_, code, make) => {
    expect(await faultOf(await openArchive(make()))).toBe(code);
  });

  it('by its ratio, while it unpacks', async () => {
    const zeros = new Uint8Array(RATIO_COUNTS_FROM + 2_000_000);
    zeros.set(png(''));
    const bomb = writeZip([{ name: 'a.png', content: zeros, claims: { crc: 0 } }]);
    expect(bomb.length).toBeLessThan(100_000);
    expect(await faultOf(await openArchive(bomb))).toBe('zip-bomb');
  });

  it('a part of several', async () => {
    const bytes = writeZip([file('a.png')]);
    new DataView(bytes.buffer).setUint16(bytes.length - 22 + 4, 3, true);
    expect(await faultOf(await openArchive(bytes))).toBe('zip-split');
  });

  it('locked files among open ones are told one by one', async () => {
    const found = await openArchive(writeZip([file('a.png', { flags: 1 }), file('b.png')]));
    expect(lines(found)).toEqual(['zip-encrypted: a.zip/a.png', 'picture: a.zip/b.png']);
  });

  it('every code has words of its own', async () => {
    const faults = await Promise.all(cases.map(async ([, , make]) => openArchive(make())));
    const told = new Map<string, string>();
    for (const [item] of faults) {
      if (item?.kind === 'trouble') told.set(item.fault.code, item.fault.message);
    }
    expect(told.size).toBeGreaterThan(4);
    expect(new Set(told.values()).size).toBe(told.size);
  });

  it('cut anywhere, ends with a fault or the pictures, and never hangs', async () => {
    for (let length = 4; length < whole.length; length += 7) {
      const code = await faultOf(await openArchive(whole.slice(0, length)));
      expect(code).toMatch(/^zip-/);
    }
  });

  it('stops when asked to', async () => {
    const entries = await readZipDirectory(new Blob([whole]));
    const leaf = new ZipLeaf(new Blob([whole]), entries[0]);
    await expect(leaf.open(AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
  });
});
