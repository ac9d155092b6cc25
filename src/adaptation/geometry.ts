/**
 * The study's geometric augmentation on a model input: rotation ±25°, shift ±20 %, shear 15 %, zoom
 * ±20 %, flip. The matrices are those of training/fieldray_training/augment.py; golden values hold
 * both together. What a matrix does to a picture is `warp` of src/preprocess.
 */
import type { Random } from '../dataset/index.ts';
import type { AffineMatrix } from '../preprocess/index.ts';

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
