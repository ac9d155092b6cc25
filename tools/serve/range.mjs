// RFC 9110 byte ranges, one range at a time (several in one request are answered with the whole file).

/**
 * @param {string | undefined} header the request's Range
 * @param {number} size of the file in bytes
 * @returns {{ start: number, end: number } | 'whole' | 'unsatisfiable'} both ends inclusive
 */
export function parseRange(header, size) {
  if (!header) return 'whole';
  const match = /^bytes=(\d*)-(\d*)$/.exec(header.trim());
  if (!match || (match[1] === '' && match[2] === '')) return 'whole';
  if (match[1] === '') {
    const last = Number(match[2]);
    if (last === 0 || size === 0) return 'unsatisfiable';
    return { start: Math.max(0, size - last), end: size - 1 };
  }
  const start = Number(match[1]);
  const end = match[2] === '' ? size - 1 : Math.min(Number(match[2]), size - 1);
  if (match[2] !== '' && Number(match[2]) < start) return 'whole';
  if (start >= size) return 'unsatisfiable';
  return { start, end };
}
