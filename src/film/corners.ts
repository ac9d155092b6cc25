/**
 * Where the film's four corners are. Straight edges are found at a small size, every plausible
 * quadrilateral of four of them is rated by how much of its sides is really seen as an edge and how
 * little these edges run on past the corners (after Zhukovsky et al., "Segments graph-based approach
 * for document capture in a smartphone video stream", ICDAR 2017), and the best ones by what
 * lies inside and outside: a film is darker than the light box around it.
 */
import { findEdges, type EdgeMap } from './edges.ts';
import { areaOf, isConvex, middleQuad, orderCorners, scaleQuad, turnAt } from './geometry.ts';
import { alongLine, crossing, findLines, supportBetween, type Line } from './lines.ts';
import { sidesOf } from './sides.ts';
import { resample, type ResampleSource } from '../radiograph/index.ts';
import type { CornerProposal, GreyImage, Point, Quad } from './types.ts';

/** Longer side of the picture that is searched. */
const SEARCH_SIZE = 400;
/** Below this the proposal is only a place to begin. */
const FOUND = 0.5;
/** Film in the picture, at the least. */
const LEAST_AREA = 0.08;
/** The best by their edges are looked at more closely. */
const CLOSER = 60;

/**
 * @returns corners in pixels of `source`, with pixel centers at (i + 0.5)
 */
export function proposeCorners(source: ResampleSource): CornerProposal {
  const factor = Math.min(1, SEARCH_SIZE / Math.max(source.width, source.height));
  const width = Math.max(8, Math.round(source.width * factor));
  const height = Math.max(8, Math.round(source.height * factor));
  const small: GreyImage = { width, height, data: resample(source, width, height) };
  const best = searchQuad(small);
  if (!best || best.score < FOUND) {
    const corners = best ? toSource(best.corners, small, source) : middleOf(source);
    return { corners, score: best?.score ?? 0, found: false };
  }
  return { corners: toSource(best.corners, small, source), score: best.score, found: true };
}

function middleOf(source: ResampleSource): Quad {
  return middleQuad(source.width, source.height);
}

/** Small pixel centers (whole numbers) → source coordinates, inside the picture. */
function toSource(quad: Quad, small: GreyImage, source: ResampleSource): Quad {
  const shifted = quad.map(({ x, y }) => ({ x: x + 0.5, y: y + 0.5 }));
  const sx = source.width / small.width;
  const [a, b, c, d] = scaleQuad([shifted[0], shifted[1], shifted[2], shifted[3]], sx).map(
    ({ x, y }) => ({
      x: Math.min(source.width, Math.max(0, x)),
      y: Math.min(source.height, Math.max(0, y)),
    }),
  );
  return [a, b, c, d];
}

interface Candidate {
  readonly corners: Quad;
  readonly edges: number;
  readonly area: number;
}

export interface Rated {
  readonly corners: Quad;
  readonly score: number;
}

/** The best quadrilateral of a small picture, in its pixel centers; null where no lines cross so. */
export function searchQuad(image: GreyImage): Rated | null {
  const edges = findEdges(image);
  const candidates = quadsOf(findLines(edges), edges);
  let best: Rated | null = null;
  for (const candidate of candidates) {
    const score = rate(candidate, image);
    if (!best || score > best.score) best = { corners: candidate.corners, score };
  }
  return best;
}

interface Pair {
  readonly a: Line;
  readonly b: Line;
}

function quadsOf(lines: readonly Line[], edges: EdgeMap): Candidate[] {
  const apart = Math.min(edges.width, edges.height) * 0.18;
  const pairs: Pair[] = [];
  for (let i = 0; i < lines.length; i++) {
    for (let k = i + 1; k < lines.length; k++) {
      const a = lines[i];
      const b = lines[k];
      const cos = a.nx * b.nx + a.ny * b.ny;
      if (Math.abs(cos) < 0.85) continue;
      if (distanceInMiddle(a, b, edges) >= apart) pairs.push({ a, b });
    }
  }
  const found: Candidate[] = [];
  for (let i = 0; i < pairs.length; i++) {
    for (let k = i + 1; k < pairs.length; k++) {
      const candidate = quadOf(pairs[i], pairs[k], edges);
      if (candidate) found.push(candidate);
    }
  }
  return found.sort((p, q) => q.edges - p.edges).slice(0, CLOSER);
}

function distanceInMiddle(a: Line, b: Line, { width, height }: EdgeMap): number {
  const at = (line: Line): number => (width / 2) * line.nx + (height / 2) * line.ny - line.d;
  const sign = Math.sign(a.nx * b.nx + a.ny * b.ny);
  return Math.abs(at(a) - sign * at(b));
}

function quadOf(p: Pair, q: Pair, edges: EdgeMap): Candidate | null {
  const { width, height } = edges;
  const slack = 0.04 * Math.max(width, height);
  // Going round: p.a, q.a, p.b, q.b; corner i lies between side i and the next.
  const sides = [p.a, q.a, p.b, q.b];
  const corners: Point[] = [];
  for (let i = 0; i < 4; i++) {
    const corner = crossing(sides[i], sides[(i + 1) % 4]);
    if (!corner) return null;
    if (corner.x < -slack || corner.y < -slack) return null;
    if (corner.x > width + slack || corner.y > height + slack) return null;
    corners.push(corner);
  }
  let weakest = 1;
  let total = 0;
  for (let i = 0; i < 4; i++) {
    const from = alongLine(sides[i], corners[(i + 3) % 4]);
    const to = alongLine(sides[i], corners[i]);
    const support = supportBetween(sides[i], from, to);
    // One side may be lost in the dark, never more of it than this.
    if (support < 0.22) return null;
    weakest = Math.min(weakest, support);
    total += support;
  }
  const quad = orderCorners(corners);
  const area = areaOf(quad) / (width * height);
  if (area < LEAST_AREA || !isConvex(quad, 0.7)) return null;
  if (!plausible(quad)) return null;
  const beyond = overrun(sides, corners, edges);
  return { corners: quad, edges: 0.65 * (total / 4) + 0.35 * weakest - 0.3 * beyond, area };
}

/** Sides of a film seen from in front: none much longer than its opposite, none a strip. */
function plausible(quad: Quad): boolean {
  const side = (i: number): number =>
    Math.hypot(quad[(i + 1) % 4].x - quad[i].x, quad[(i + 1) % 4].y - quad[i].y);
  const [a, b, c, d] = [side(0), side(1), side(2), side(3)];
  const even = (p: number, q: number): boolean => Math.min(p, q) / Math.max(p, q) > 0.55;
  const aspect = (a + c) / (b + d);
  return even(a, c) && even(b, d) && aspect > 0.5 && aspect < 2;
}

/** How much of the edges runs on past the corners: those of a film end there. */
function overrun(sides: readonly Line[], corners: readonly Point[], edges: EdgeMap): number {
  const length = 0.06 * Math.max(edges.width, edges.height);
  let sum = 0;
  for (let i = 0; i < 4; i++) {
    const line = sides[i];
    const from = alongLine(line, corners[(i + 3) % 4]);
    const to = alongLine(line, corners[i]);
    const away = Math.sign(to - from);
    sum += supportBetween(line, to + 4 * away, to + (4 + length) * away);
    sum += supportBetween(line, from - 4 * away, from - (4 + length) * away);
  }
  return sum / 8;
}

function rate(candidate: Candidate, image: GreyImage): number {
  const { corners, edges, area } = candidate;
  const { litOutside, boxEdge, seen } = sidesOf(corners, image);
  let square = 0;
  for (let i = 0; i < 4; i++) square += turnAt(corners, i) / 4;
  return (
    0.62 * edges +
    0.12 * seen +
    0.22 * litOutside -
    0.3 * boxEdge +
    0.1 * (square - 0.9) +
    0.12 * Math.min(1, Math.sqrt(area))
  );
}
