/**
 * Outlines of a mask by marching squares (W. Lorensen & H. Cline, 1987, in two dimensions), with the
 * crossing of the level interpolated between neighbors, so that the line is smooth.
 */

/** Outlines of fewer corners are specks. */
const LEAST_CORNERS = 8;

/**
 * For each case of the four corners (upper left 1, upper right 2, lower right 4, lower left 8): from
 * which edge to which edge (0 top, 1 right, 2 bottom, 3 left) the line runs, inside on its right.
 * The two ambiguous cases keep the corners apart.
 */
const RUNS: readonly (readonly (readonly [number, number])[])[] = [
  [],
  [[0, 3]],
  [[1, 0]],
  [[1, 3]],
  [[2, 1]],
  [
    [0, 3],
    [2, 1],
  ],
  [[2, 0]],
  [[2, 3]],
  [[3, 2]],
  [[0, 2]],
  [
    [1, 0],
    [3, 2],
  ],
  [[1, 2]],
  [[3, 1]],
  [[0, 1]],
  [[3, 0]],
  [],
];

/**
 * Closed lines along which `values` crosses `level`; what touches the edge is closed along it.
 * @param values side × side, row-major
 * @returns x, y, x, y … in 0 … 1 of the picture, the longest first
 */
export function outlinesOf(values: Float32Array, side: number, level: number): number[][] {
  // A rim of nothing closes every line.
  const padded = side + 2;
  const at = (x: number, y: number): number =>
    x < 1 || y < 1 || x > side || y > side ? 0 : values[(y - 1) * side + x - 1];
  const next = new Map<number, number>();
  const points = new Map<number, readonly [number, number]>();
  // An edge's name: the upper ones are 2 · cell, the left ones 2 · cell + 1.
  const edgeOf = (x: number, y: number, edge: number): number => {
    if (edge === 0) return 2 * (y * padded + x);
    if (edge === 1) return 2 * (y * padded + x + 1) + 1;
    if (edge === 2) return 2 * ((y + 1) * padded + x);
    return 2 * (y * padded + x) + 1;
  };
  const cross = (a: number, b: number): number =>
    a === b ? 0.5 : Math.min(1, Math.max(0, (level - a) / (b - a)));
  for (let y = 0; y < padded - 1; y++) {
    for (let x = 0; x < padded - 1; x++) {
      const a = at(x, y);
      const b = at(x + 1, y);
      const c = at(x + 1, y + 1);
      const d = at(x, y + 1);
      const which =
        (a >= level ? 1 : 0) | (b >= level ? 2 : 0) | (c >= level ? 4 : 0) | (d >= level ? 8 : 0);
      const place = [
        [x + cross(a, b), y],
        [x + 1, y + cross(b, c)],
        [x + cross(d, c), y + 1],
        [x, y + cross(a, d)],
      ] as const;
      for (const [from, to] of RUNS[which]) {
        const start = edgeOf(x, y, from);
        next.set(start, edgeOf(x, y, to));
        points.set(start, place[from]);
      }
    }
  }
  return rings(next, points)
    .filter((ring) => ring.length >= LEAST_CORNERS)
    .sort((one, two) => two.length - one.length)
    .map((ring) => ring.flatMap(([x, y]) => [inPicture(x, side), inPicture(y, side)]));
}

/** Places of the padded grid lie at the middles of pixels. */
function inPicture(value: number, side: number): number {
  return Math.min(1, Math.max(0, (value - 0.5) / side));
}

function rings(
  next: Map<number, number>,
  points: ReadonlyMap<number, readonly [number, number]>,
): (readonly [number, number])[][] {
  const found: (readonly [number, number])[][] = [];
  for (const first of next.keys()) {
    const ring: (readonly [number, number])[] = [];
    for (let edge: number | undefined = first; edge !== undefined;) {
      const point = points.get(edge);
      const following: number | undefined = next.get(edge);
      if (!point || following === undefined) break;
      ring.push(point);
      next.delete(edge);
      edge = following;
    }
    found.push(ring);
  }
  return found;
}
