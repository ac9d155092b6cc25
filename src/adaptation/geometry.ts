/**
 * The study's geometric augmentation on a model input: rotation ±25°, shift ±20 %, shear 15 %, zoom
 * ±20 %, flip. The matrices and the sampling are those of training/fieldray_training/augment.py
 * (torch's affine_grid and grid_sample, align_corners = false, zeros outside); golden values hold
 * both together.
 */
import type { Random } from '../dataset/index.ts';

/** Ranges; 0 switches one off. */
export interface GeometrySettings {
  /** Degrees either way. */
  readonly rotation: number;
  /** Share of the side, either way, in both directions. */
  readonly shift: number;
  readonly shear: number;
  /** Share smaller or larger, each axis on its own. */
  readonly zoom: number;
  readonly flip: boolean;
}

export const STUDY_GEOMETRY: GeometrySettings = {
  rotation: 25,
  shift: 0.2,
  shear: 0.15,
  zoom: 0.2,
  flip: true,
};

/** One picture's change. */
export interface Geometry {
  /** Degrees. */
  readonly angle: number;
  readonly shear: number;
  /** Larger than 1 makes the picture larger. */
  readonly zoomX: number;
  readonly zoomY: number;
  /** Share of the side. */
  readonly shiftX: number;
  readonly shiftY: number;
  readonly flip: boolean;
}

/** Row-major 2 × 3: where in the source (−1 … 1) each place of the answer (−1 … 1) is looked up. */
export type AffineMatrix = readonly [number, number, number, number, number, number];

export function drawGeometry(settings: GeometrySettings, random: Random): Geometry {
  const { rotation, shift, shear, zoom } = settings;
  const around = (range: number): number => random.between(-range, range);
  return {
    angle: around(rotation),
    shear: around(shear),
    zoomX: 1 + around(zoom),
    zoomY: 1 + around(zoom),
    shiftX: around(shift),
    shiftY: around(shift),
    // Drawn in any case, so that a switch changes its own effect alone.
    flip: random.next() < 0.5 && settings.flip,
  };
}

export function matrixOf({
  angle,
  shear,
  zoomX,
  zoomY,
  shiftX,
  shiftY,
  flip,
}: Geometry): AffineMatrix {
  const radians = (angle * Math.PI) / 180;
  const cos = Math.cos(radians);
  const sin = Math.sin(radians);
  const x = (flip ? -1 : 1) / zoomX;
  const y = 1 / zoomY;
  return [
    cos * x,
    (shear * cos - sin) * y,
    2 * shiftX,
    sin * x,
    (shear * sin + cos) * y,
    2 * shiftY,
  ];
}

/**
 * @param source [side × side] row-major
 * @param out takes the answer, as large; must not be `source`
 */
export function transform(
  source: Float32Array,
  side: number,
  matrix: AffineMatrix,
  out: Float32Array,
): void {
  const [a, b, c, d, e, f] = matrix;
  const at = (column: number, row: number): number =>
    column >= 0 && column < side && row >= 0 && row < side ? source[row * side + column] : 0;
  for (let row = 0, place = 0; row < side; row++) {
    const y = (2 * row + 1) / side - 1;
    for (let column = 0; column < side; column++, place++) {
      const x = (2 * column + 1) / side - 1;
      const sourceX = ((a * x + b * y + c + 1) * side - 1) / 2;
      const sourceY = ((d * x + e * y + f + 1) * side - 1) / 2;
      const left = Math.floor(sourceX);
      const top = Math.floor(sourceY);
      const right = sourceX - left;
      const down = sourceY - top;
      out[place] =
        (1 - down) * ((1 - right) * at(left, top) + right * at(left + 1, top)) +
        down * ((1 - right) * at(left, top + 1) + right * at(left + 1, top + 1));
    }
  }
}
