/** Figures as people read them, in the page's language. */

function language(): string | undefined {
  return document.documentElement.lang || undefined;
}

/**
 * A probability as whole percent. Never "0 %" or "100 %": no calibrated answer is certain.
 * @param share 0 … 1
 */
export function formatProbability(share: number): string {
  const format = new Intl.NumberFormat(language(), { style: 'percent', maximumFractionDigits: 0 });
  if (share < 0.005) return `< ${format.format(0.01)}`;
  if (share > 0.995) return `> ${format.format(0.99)}`;
  return format.format(share);
}

/** A measured share (accuracy, recall) with one decimal place in percent. */
export function formatShare(share: number): string {
  return new Intl.NumberFormat(language(), {
    style: 'percent',
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  }).format(share);
}

export function formatNumber(value: number, digits = 0): string {
  return new Intl.NumberFormat(language(), {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(value);
}

/** Bytes in decimal units, as file managers and data plans count them. */
export function formatBytes(bytes: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;
  let value = bytes;
  let unit: (typeof units)[number] = units[0];
  for (const next of units.slice(1)) {
    if (value < 1000) break;
    value /= 1000;
    unit = next;
  }
  return new Intl.NumberFormat(language(), {
    style: 'unit',
    unit,
    unitDisplay: unit === 'byte' ? 'long' : 'short',
    maximumFractionDigits: unit === 'byte' || value >= 100 ? 0 : 1,
  }).format(value);
}

/** "320 ms" below a second, "1.4 s" above. */
export function formatMilliseconds(ms: number): string {
  const short = ms < 999.5;
  return new Intl.NumberFormat(language(), {
    style: 'unit',
    unit: short ? 'millisecond' : 'second',
    unitDisplay: 'short',
    maximumFractionDigits: short ? (ms < 10 ? 1 : 0) : 1,
  }).format(short ? ms : ms / 1000);
}

/** A rough wait: seconds up to a minute and a half, then minutes. */
export function formatWait(seconds: number): string {
  const inMinutes = seconds >= 90;
  return new Intl.NumberFormat(language(), {
    style: 'unit',
    unit: inMinutes ? 'minute' : 'second',
    unitDisplay: 'long',
    maximumFractionDigits: 0,
  }).format(Math.max(1, Math.ceil(inMinutes ? seconds / 60 : seconds)));
}

export function formatTime(when: number | string): string {
  const date = new Date(when);
  if (Number.isNaN(date.getTime())) return String(when);
  return new Intl.DateTimeFormat(language(), { dateStyle: 'medium', timeStyle: 'short' }).format(
    date,
  );
}

export function formatDate(when: number | string): string {
  const date = new Date(when);
  if (Number.isNaN(date.getTime())) return String(when);
  return new Intl.DateTimeFormat(language(), { dateStyle: 'medium' }).format(date);
}
