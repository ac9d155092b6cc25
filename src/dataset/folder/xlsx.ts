/**
 * The first sheet of an Excel workbook (ECMA-376 Part 1, 18.3 and 18.4) as rows of text: enough for a
 * list of files, and nothing that could be run or fetched. The archive's limits are those of study's
 * ZIP reader; entities other than XML's own five are left as they stand.
 */
import { openArchive, type Branch, type Leaf } from '../../session/index.ts';

/** A sheet of fifty thousand rows is about 10 MB. */
const MAX_XML_BYTES = 64_000_000;
const MAX_COLUMNS = 256;

/**
 * @throws Fault of the ZIP reader; RangeError with the reason in words if it is no workbook
 */
export async function readSheet(
  file: Blob,
  name: string,
  signal: AbortSignal,
): Promise<string[][]> {
  const root = await openArchive(file, name, signal);
  const workbook = await folderOf(root, 'xl', signal);
  const sheets = workbook && (await folderOf(workbook, 'worksheets', signal));
  const files = sheets ? (await sheets.list(signal)).files : [];
  const sheet = [...files]
    .filter((leaf) => /\.xml$/i.test(leaf.name))
    .sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }))[0];
  if (!workbook || !sheet) throw new RangeError('it is not an Excel workbook');
  const { files: parts } = await workbook.list(signal);
  const strings = parts.find((leaf) => /^sharedStrings\.xml$/i.test(leaf.name));
  const shared = strings ? sharedStrings(await textOf(strings, signal)) : [];
  return rowsOf(await textOf(sheet, signal), shared);
}

async function folderOf(branch: Branch, name: string, signal: AbortSignal): Promise<Branch | null> {
  const { folders } = await branch.list(signal);
  return folders.find((each) => each.name.toLowerCase() === name) ?? null;
}

async function textOf(leaf: Leaf, signal: AbortSignal): Promise<string> {
  const blob = await leaf.open(signal);
  if (blob.size > MAX_XML_BYTES) throw new RangeError('a part of it is too large');
  return blob.text();
}

function sharedStrings(xml: string): string[] {
  return [...xml.matchAll(/<(?:\w+:)?si(?:\s[^>]*)?(?:\/>|>([\s\S]*?)<\/(?:\w+:)?si>)/g)].map(
    ([, inside = '']) => textRuns(inside),
  );
}

/** Runs of one text; phonetic readings (rPh) are no part of it. */
function textRuns(xml: string): string {
  const plain = xml.replace(/<(?:\w+:)?rPh[\s>][\s\S]*?<\/(?:\w+:)?rPh>/g, '');
  return [...plain.matchAll(/<(?:\w+:)?t(?:\s[^>]*)?>([\s\S]*?)<\/(?:\w+:)?t>/g)]
    .map(([, text = '']) => unescape(text))
    .join('');
}

function rowsOf(xml: string, shared: readonly string[]): string[][] {
  const rows: string[][] = [];
  for (const [, inside] of xml.matchAll(
    /<(?:\w+:)?row(?:\s[^>]*)?(?:\/>|>([\s\S]*?)<\/(?:\w+:)?row>)/g,
  )) {
    const row: string[] = [];
    let column = 0;
    for (const [, attributes = '', cell = ''] of (inside ?? '').matchAll(
      /<(?:\w+:)?c((?:\s[^>]*?)?)(?:\/>|>([\s\S]*?)<\/(?:\w+:)?c>)/g,
    )) {
      const letters = /\br="([A-Z]+)\d+"/.exec(attributes)?.[1];
      column = letters ? columnOf(letters) : column;
      if (column >= MAX_COLUMNS) continue;
      while (row.length < column) row.push('');
      row[column] = valueOf(attributes, cell, shared);
      column += 1;
    }
    rows.push(row);
  }
  return rows;
}

function valueOf(attributes: string, cell: string, shared: readonly string[]): string {
  const type = /\bt="(\w+)"/.exec(attributes)?.[1];
  if (type === 'inlineStr') return textRuns(cell);
  const value = unescape(/<(?:\w+:)?v(?:\s[^>]*)?>([\s\S]*?)<\/(?:\w+:)?v>/.exec(cell)?.[1] ?? '');
  return type === 's' ? (shared[Number(value)] ?? '') : value;
}

/** "A" is 0, "AA" is 26. */
function columnOf(letters: string): number {
  let column = 0;
  for (const letter of letters.slice(0, 4)) column = column * 26 + letter.charCodeAt(0) - 64;
  return column - 1;
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};

function unescape(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (whole, decimal, hex, name) => {
    if (name) return ENTITIES[String(name)] ?? whole;
    const code = decimal ? Number(decimal) : Number.parseInt(String(hex), 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
