/** The sheets beside the class folders (`COVID.metadata.xlsx` …): file name → what is said of it. */
import { Fault, type FaultData } from '../../base/fault.ts';
import { MetadataUnreadableError } from '../errors.ts';
import type { ItemMetadata } from '../types.ts';
import type { PlacedLeaf } from './layout.ts';
import { readSheet } from './xlsx.ts';

/** As large as a workbook of a few hundred thousand rows. */
const MAX_FILE_BYTES = 50_000_000;

export interface SheetsRead {
  /** By `metadataKey`. */
  readonly entries: Map<string, ItemMetadata>;
  readonly sheets: string[];
  readonly troubles: FaultData[];
}

/** The published sheets say "NORMAL-1" of the file "Normal-1.png". */
export function metadataKey(fileName: string): string {
  return fileName
    .slice(fileName.lastIndexOf('/') + 1)
    .replace(/\.[a-z]{2,5}$/i, '')
    .trim()
    .toLowerCase();
}

export async function readSheets(
  sheets: readonly PlacedLeaf[],
  signal: AbortSignal,
): Promise<SheetsRead> {
  const result: SheetsRead = { entries: new Map(), sheets: [], troubles: [] };
  for (const { path, leaf } of sheets) {
    try {
      const file = await leaf.open(signal);
      if (file.size > MAX_FILE_BYTES) throw new RangeError('it is too large');
      takeRows(await readSheet(file, leaf.name, signal), result.entries);
      result.sheets.push(path);
    } catch (reason) {
      signal.throwIfAborted();
      result.troubles.push(new MetadataUnreadableError(path, wordsOf(reason), reason).toData());
    }
  }
  return result;
}

function takeRows(rows: readonly string[][], into: Map<string, ItemMetadata>): void {
  const head = rows.findIndex((row) => row.some((cell) => /^\s*file[\s_]?name\s*$/i.test(cell)));
  if (head < 0) throw new RangeError('it has no column FILE NAME');
  const column = (pattern: RegExp): number =>
    (rows[head] ?? []).findIndex((cell) => pattern.test(cell.trim()));
  const name = column(/^file[\s_]?name$/i);
  const [format, size, url] = [column(/^format$/i), column(/^size$/i), column(/^(url|source)$/i)];
  for (const row of rows.slice(head + 1)) {
    const key = metadataKey(row[name] ?? '');
    if (key === '') continue;
    into.set(key, {
      format: row[format] ?? '',
      size: row[size] ?? '',
      url: row[url] ?? '',
    });
  }
}

function wordsOf(reason: unknown): string {
  if (reason instanceof RangeError) return reason.message;
  return reason instanceof Fault ? reason.message.replace(/\.$/, '') : 'it is damaged';
}
