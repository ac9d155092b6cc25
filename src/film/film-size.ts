/**
 * How wide by high the sheet is: from the quadrilateral alone (Zhang & He, "Whiteboard scanning and
 * image enhancement", MSR-TR-2003-39, section 4), drawn to the sizes that films have.
 */
import { distance } from './geometry.ts';
import type { Point, Quad } from './types.ts';

/** Width by height of films upright, in cm: 35×43, 24×30, 18×24 (and 30×40), 35×35. */
const UPRIGHT = [35 / 43, 24 / 30, 18 / 24, 1];
const FILM_ASPECTS = [...UPRIGHT, ...UPRIGHT.slice(0, 3).map((aspect) => 1 / aspect)];
/** Corners set by hand are some pixels off, and so is the estimate. */
const SNAP = 0.07;
/** Focal length by the longer side of the picture: what tablets and phones have (26 … 30 mm). */
const USUAL_FOCAL = 0.78;

/** Width by height, for corners in a photograph of `width` × `height` pixels that was not cropped. */
export function estimateAspect(corners: Quad, width: number, height: number): number {
  const measured = Math.min(3, Math.max(1 / 3, measureAspect(corners, width, height)));
  let best = measured;
  let least = SNAP;
  for (const aspect of FILM_ASPECTS) {
    const off = Math.abs(Math.log(measured / aspect));
    if (off < least) {
      best = aspect;
      least = off;
    }
  }
  return best;
}

export function measureAspect(corners: Quad, width: number, height: number): number {
  const [tl, tr, br, bl] = corners;
  const across = (distance(tl, tr) + distance(bl, br)) / 2;
  const down = (distance(tl, bl) + distance(tr, br)) / 2;
  const flat = across / Math.max(1e-6, down);
  const middle = { x: width / 2, y: height / 2 };
  const [m1, m2, m3, m4] = [tl, tr, bl, br].map((p) => homogeneous(p, middle));
  const k2 = dot(cross(m1, m4), m3) / dot(cross(m2, m4), m3);
  const k3 = dot(cross(m1, m4), m2) / dot(cross(m3, m4), m2);
  const n2 = m2.map((value, i) => k2 * value - m1[i]);
  const n3 = m3.map((value, i) => k3 * value - m1[i]);
  const long = Math.max(width, height);
  // Seen nearly straight on, the focal length cannot be told from four corners; it hardly matters then.
  const seen = -(n2[0] * n3[0] + n2[1] * n3[1]) / (n2[2] * n3[2]);
  const told = seen > (0.5 * long) ** 2 && seen < (2.5 * long) ** 2;
  const f2 = told ? seen : (USUAL_FOCAL * long) ** 2;
  const squared =
    ((n2[0] ** 2 + n2[1] ** 2) / f2 + n2[2] ** 2) / ((n3[0] ** 2 + n3[1] ** 2) / f2 + n3[2] ** 2);
  return Number.isFinite(squared) && squared > 0 ? Math.sqrt(squared) : flat;
}

function homogeneous(p: Point, middle: Point): number[] {
  return [p.x - middle.x, p.y - middle.y, 1];
}

function cross(a: readonly number[], b: readonly number[]): number[] {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}
