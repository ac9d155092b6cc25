/** Tables as CSV (RFC 4180), for spreadsheets as well as for programs. */

export type CsvCell = string | number | boolean | null;

/** With a header line, `\r\n` after each row; null is an empty cell. */
export function csvOf(columns: readonly string[], rows: readonly (readonly CsvCell[])[]): string {
  return [columns, ...rows].map((row) => `${row.map(cellOf).join(',')}\r\n`).join('');
}

function cellOf(cell: CsvCell): string {
  if (cell === null) return '';
  if (typeof cell !== 'string') return String(cell);
  // A spreadsheet would run a file's name that begins like a formula; some take the wide signs for it too.
  const text = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/.test(cell) ? `'${cell}` : cell;
  // With a semicolon as the list separator of the country, a bare one would begin a cell of its own.
  return /[",;\t\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
