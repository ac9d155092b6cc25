/** From a photograph and four corners to the film as a digital radiograph would show it. */
import { estimateAspect } from './film-size.ts';
import { insetQuad } from './geometry.ts';
import { evenOut, measureLight } from './light.ts';
import { setLevels } from './levels.ts';
import { reduceMoire } from './moire.ts';
import { rectifiedSize, rectify } from './rectify.ts';
import type { CorrectedFilm, FilmPose, GreyImage, Quad } from './types.ts';

const AS_SEEN: FilmPose = { turns: 0, mirrored: false };

/** A corner is a pixel off here and there: a sliver of the light box along an edge is worse than a sliver less of film. */
const INSET = 0.003;

/**
 * Film is as it is seen: bone is bright, nothing is inverted.
 * @param photo the upright photograph, 0 … 1
 * @param corners in its pixels, with pixel centers at (i + 0.5)
 * @throws RangeError when the corners enclose nothing
 */
export function correctFilm(
  photo: GreyImage,
  corners: Quad,
  pose: FilmPose = AS_SEEN,
): CorrectedFilm {
  const aspect = estimateAspect(corners, photo.width, photo.height);
  const { width, height } = rectifiedSize(corners, aspect);
  const film = rectify(photo, insetQuad(corners, INSET), width, height);
  const light = measureLight(photo, corners);
  if (light) evenOut(film, light);
  const patternRemoved = reduceMoire(film);
  setLevels(film);
  return {
    ...posed(film, pose),
    evened: light !== null,
    patternRemoved,
    aspect: pose.turns % 2 === 1 ? 1 / aspect : aspect,
  };
}

/** Mirrored first, then turned clockwise. */
function posed({ width, height, data }: GreyImage, { turns, mirrored }: FilmPose): GreyImage {
  if (turns === 0 && !mirrored) return { width, height, data };
  const swapped = turns % 2 === 1;
  const across = swapped ? height : width;
  const down = swapped ? width : height;
  const out = new Float32Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const sx = mirrored ? width - 1 - x : x;
      const [tx, ty] = [
        [sx, y],
        [height - 1 - y, sx],
        [width - 1 - sx, height - 1 - y],
        [y, width - 1 - sx],
      ][turns];
      out[ty * across + tx] = data[y * width + x];
    }
  }
  return { width: across, height: down, data: out };
}
