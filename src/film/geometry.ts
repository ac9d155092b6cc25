/** Four corners: their order, their shape, a place to begin. */
import type { Point, Quad } from './types.ts';

/** Clockwise (y points down), beginning with the corner nearest the picture's top left. */
export function orderCorners(points: readonly Point[]): Quad {
  const cx = points.reduce((sum, p) => sum + p.x, 0) / points.length;
  const cy = points.reduce((sum, p) => sum + p.y, 0) / points.length;
  const around = [...points].sort(
    (a, b) => Math.atan2(a.y - cy, a.x - cx) - Math.atan2(b.y - cy, b.x - cx),
  );
  let first = 0;
  for (let i = 1; i < around.length; i++) {
    if (around[i].x + around[i].y < around[first].x + around[first].y) first = i;
  }
  const at = (i: number): Point => around[(first + i) % 4];
  return [at(0), at(1), at(2), at(3)];
}

/** Signed area in square pixels; positive when the corners run clockwise on the screen. */
export function areaOf(quad: Quad): number {
  let twice = 0;
  for (let i = 0; i < 4; i++) {
    const a = quad[i];
    const b = quad[(i + 1) % 4];
    twice += a.x * b.y - b.x * a.y;
  }
  return twice / 2;
}

/** Whether every corner turns the same way, and by at least a little (`least`: sine of the turn). */
export function isConvex(quad: Quad, least = 0.05): boolean {
  for (let i = 0; i < 4; i++) {
    if (turnAt(quad, i) < least) return false;
  }
  return true;
}

/** Sine of the turn at corner `i`; 1 is a right angle. */
export function turnAt(quad: Quad, i: number): number {
  const a = quad[(i + 3) % 4];
  const b = quad[i];
  const c = quad[(i + 1) % 4];
  const ux = b.x - a.x;
  const uy = b.y - a.y;
  const vx = c.x - b.x;
  const vy = c.y - b.y;
  const length = Math.hypot(ux, uy) * Math.hypot(vx, vy);
  return length > 0 ? (ux * vy - uy * vx) / length : 0;
}

export function distance(a: Point, b: Point): number {
  return Math.hypot(b.x - a.x, b.y - a.y);
}

export function scaleQuad(quad: Quad, factor: number): Quad {
  const one = ({ x, y }: Point): Point => ({ x: x * factor, y: y * factor });
  return [one(quad[0]), one(quad[1]), one(quad[2]), one(quad[3])];
}

/** Every corner drawn inward by a share of the sides that meet in it. */
export function insetQuad(quad: Quad, share: number): Quad {
  const one = (i: number): Point => {
    const here = quad[i];
    const next = quad[(i + 1) % 4];
    const before = quad[(i + 3) % 4];
    return {
      x: here.x + share * (next.x - here.x + (before.x - here.x)),
      y: here.y + share * (next.y - here.y + (before.y - here.y)),
    };
  };
  return [one(0), one(1), one(2), one(3)];
}

/** A rectangle in the middle, for when nothing was recognized. */
export function middleQuad(width: number, height: number, share = 0.8): Quad {
  const dx = (width * (1 - share)) / 2;
  const dy = (height * (1 - share)) / 2;
  return [
    { x: dx, y: dy },
    { x: width - dx, y: dy },
    { x: width - dx, y: height - dy },
    { x: dx, y: height - dy },
  ];
}
