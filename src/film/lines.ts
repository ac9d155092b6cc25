/**
 * Straight lines by the Hough transform in which every edge pixel votes only for the lines that
 * run along it (O'Gorman & Clowes 1976), then fitted to their pixels.
 */
import type { EdgeMap } from './edges.ts';
import type { Point } from './types.ts';

/** x·nx + y·ny = d; `along` turns a place on the line into a number: −x·ny + y·nx. */
export interface Line {
  readonly nx: number;
  readonly ny: number;
  readonly d: number;
  readonly votes: number;
  /** How much edge lies on the line up to each pixel of its length, from `start` on (running sum). */
  readonly seen: Float64Array;
  readonly start: number;
}

const ANGLES = 180;
const MOST_LINES = 44;
/** Votes spread this many degrees to both sides: the direction of one pixel is not exact. */
const SPREAD = 2;

export function findLines(edges: EdgeMap): Line[] {
  const { width, height } = edges;
  const reach = Math.ceil(Math.hypot(width, height));
  const bins = 2 * reach + 1;
  const votes = new Float32Array(ANGLES * bins);
  const cos = Float64Array.from({ length: ANGLES }, (_, a) => Math.cos((a * Math.PI) / ANGLES));
  const sin = Float64Array.from({ length: ANGLES }, (_, a) => Math.sin((a * Math.PI) / ANGLES));
  for (const i of edges.ridge) {
    const x = i % width;
    const y = (i - x) / width;
    const gx = edges.gx[i];
    const gy = edges.gy[i];
    const middle = Math.round((Math.atan2(gy, gx) * ANGLES) / Math.PI);
    // A strong edge is no more of a line than one clearly seen.
    const weight = Math.min(1, Math.hypot(gx, gy) / (2 * edges.threshold));
    for (let k = -SPREAD; k <= SPREAD; k++) {
      const a = (middle + k + 2 * ANGLES) % ANGLES;
      const rho = x * cos[a] + y * sin[a] + reach;
      const low = Math.floor(rho);
      const share = rho - low;
      votes[a * bins + low] += weight * (1 - share);
      votes[a * bins + low + 1] += weight * share;
    }
  }
  return peaks(votes, bins, Math.min(width, height) * 0.04)
    .slice(0, 2 * MOST_LINES)
    .map(({ a, r }) => fit(edges, { nx: cos[a], ny: sin[a], d: r - reach }))
    .filter(unlikeEarlier)
    .slice(0, MOST_LINES)
    .map((line) => measure(edges, line));
}

interface Peak {
  readonly a: number;
  readonly r: number;
  readonly height: number;
}

function peaks(votes: Float32Array, bins: number, least: number): Peak[] {
  const found: Peak[] = [];
  for (let a = 0; a < ANGLES; a++) {
    for (let r = 4; r < bins - 4; r++) {
      const height = votes[a * bins + r];
      if (height >= least && isPeak(votes, bins, a, r, height)) found.push({ a, r, height });
    }
  }
  return found.sort((p, q) => q.height - p.height);
}

function isPeak(votes: Float32Array, bins: number, a: number, r: number, height: number): boolean {
  for (let da = -3; da <= 3; da++) {
    const turned = a + da;
    const wrapped = (turned + ANGLES) % ANGLES;
    // Past half a turn the same line is counted from the other side.
    const middle = turned === wrapped ? r : bins - 1 - r;
    for (let dr = -3; dr <= 3; dr++) {
      const other = votes[wrapped * bins + middle + dr] ?? 0;
      if (other > height) return false;
      if (other === height && (da < 0 || (da === 0 && dr < 0))) return false;
    }
  }
  return true;
}

type Bare = Pick<Line, 'nx' | 'ny' | 'd'> & { readonly votes?: number };

/** Least squares over the edge pixels near the line that run along it, twice. */
function fit(edges: EdgeMap, rough: Bare): Bare {
  let line = rough;
  for (const near of [3.5, 2]) {
    let n = 0;
    let sx = 0;
    let sy = 0;
    let sxx = 0;
    let sxy = 0;
    let syy = 0;
    for (const i of edges.ridge) {
      const x = i % edges.width;
      const y = (i - x) / edges.width;
      if (Math.abs(x * line.nx + y * line.ny - line.d) > near) continue;
      const g = Math.hypot(edges.gx[i], edges.gy[i]);
      if (Math.abs(edges.gx[i] * line.nx + edges.gy[i] * line.ny) < 0.94 * g) continue;
      n++;
      sx += x;
      sy += y;
      sxx += x * x;
      sxy += x * y;
      syy += y * y;
    }
    if (n < 12) return { ...line, votes: n };
    const mx = sx / n;
    const my = sy / n;
    const angle =
      0.5 * Math.atan2(2 * (sxy / n - mx * my), sxx / n - mx * mx - (syy / n - my * my));
    const nx = -Math.sin(angle);
    const ny = Math.cos(angle);
    const turned = nx * line.nx + ny * line.ny < 0 ? -1 : 1;
    line = { nx: turned * nx, ny: turned * ny, d: turned * (nx * mx + ny * my), votes: n };
  }
  return line;
}

function unlikeEarlier(line: Bare, place: number, all: readonly Bare[]): boolean {
  if ((line.votes ?? 0) < 12) return false;
  for (let k = 0; k < place; k++) {
    const other = all[k];
    const cos = line.nx * other.nx + line.ny * other.ny;
    if (Math.abs(cos) > 0.9985 && Math.abs(line.d - Math.sign(cos) * other.d) < 3) return false;
  }
  return true;
}

/** How clearly the edge is seen at every pixel of the line's length. */
function measure(edges: EdgeMap, line: Bare): Line {
  const { width, height, gx, gy, threshold } = edges;
  const reach = Math.ceil(Math.hypot(width, height));
  const start = -reach;
  const seen = new Float64Array(2 * reach + 2);
  for (let k = 0; k <= 2 * reach; k++) {
    const t = start + k;
    const px = line.d * line.nx - t * line.ny;
    const py = line.d * line.ny + t * line.nx;
    let best = 0;
    for (let off = -1.5; off <= 1.5; off += 0.75) {
      const x = Math.round(px + off * line.nx);
      const y = Math.round(py + off * line.ny);
      if (x < 1 || y < 1 || x >= width - 1 || y >= height - 1) continue;
      const i = y * width + x;
      const across = Math.abs(gx[i] * line.nx + gy[i] * line.ny);
      if (across < 0.8 * Math.hypot(gx[i], gy[i])) continue;
      best = Math.max(best, Math.min(1, across / (1.6 * threshold)));
    }
    seen[k + 1] = seen[k] + (best > 0.5 ? best : 0);
  }
  return { nx: line.nx, ny: line.ny, d: line.d, votes: line.votes ?? 0, seen, start };
}

/** The share of the stretch between two places along the line on which an edge is seen, 0 … 1. */
export function supportBetween(line: Line, from: number, to: number): number {
  const low = Math.max(0, Math.round(Math.min(from, to) - line.start));
  const high = Math.min(line.seen.length - 1, Math.round(Math.max(from, to) - line.start));
  return high > low ? (line.seen[high] - line.seen[low]) / (high - low) : 0;
}

export function alongLine(line: Line, { x, y }: Point): number {
  return y * line.nx - x * line.ny;
}

/** Null for lines that are nearly parallel. */
export function crossing(a: Line, b: Line): Point | null {
  const det = a.nx * b.ny - b.nx * a.ny;
  if (Math.abs(det) < 0.3) return null;
  return { x: (a.d * b.ny - b.d * a.ny) / det, y: (a.nx * b.d - b.nx * a.d) / det };
}
