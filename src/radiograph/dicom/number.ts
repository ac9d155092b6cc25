/** Decimal strings as they are written by people and consoles of many countries. */

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/**
 * The number that a text means; two of them where a comma parts two numbers that have points of
 * their own (“0.14,0.14”). Null for what cannot be read with certainty: one comma is a decimal
 * comma, several are not.
 */
export function readNumber(text: string): number[] | null {
  const trimmed = text.replace(/^[\s\0]+|[\s\0]+$/g, '');
  if (NUMBER.test(trimmed)) return finite([Number(trimmed)]);
  const parts = trimmed.split(',');
  if (parts.length !== 2) return null;
  const [left, right] = parts.map((part) => part.trim());
  if (left.includes('.') && right.includes('.')) {
    return NUMBER.test(left) && NUMBER.test(right) ? finite([Number(left), Number(right)]) : null;
  }
  const point = `${left}.${right}`;
  return NUMBER.test(point) ? finite([Number(point)]) : null;
}

function finite(numbers: number[]): number[] | null {
  return numbers.every(Number.isFinite) ? numbers : null;
}
