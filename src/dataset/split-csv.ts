/** A split as a file for other tools: one row a picture. */
import type { LabelledItem } from './types.ts';

/**
 * @param parts the part's name for each item
 * @returns RFC 4180 with a head: path, label, origin, group, part
 */
export function splitCsv(items: readonly LabelledItem[], parts: readonly string[]): string {
  const rows = items.map(({ path, label, origin, group }, at) => [
    path,
    label,
    origin ?? '',
    group ?? '',
    parts[at] ?? '',
  ]);
  return [['path', 'label', 'origin', 'group', 'part'], ...rows]
    .map((row) => row.map(quote).join(','))
    .join('\r\n')
    .concat('\r\n');
}

/** A cell that a spreadsheet would take for a formula is led by an apostrophe. */
function quote(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
