/**
 * Works on one photograph of a film, away from the page: decodes it, looks for the corners, corrects
 * it. What it holds is gone when the worker ends; nothing is stored.
 */
import { expose, transfer } from 'comlink';
import {
  closePicture,
  decodePicture,
  makeThumbnail,
  readBitmap,
  toRadiograph,
  writeGreyPng,
} from '../radiograph/index.ts';
import { correctFilm } from './correct.ts';
import { proposeCorners } from './corners.ts';
import type { DecodedPicture, GreyImage, PictureSamples } from '../radiograph/types.ts';
import type { CornerProposal, CorrectedFilm, FilmPose, Quad } from './types.ts';
import { answer, type Answer } from '../base/worker/answer.ts';
import { FilmCornersError, FilmFailedError } from './errors.ts';

export interface FilmPhoto {
  readonly width: number;
  readonly height: number;
  readonly proposal: CornerProposal;
  /** The photograph in grey, small enough for a screen; the receiver closes it. */
  readonly picture: ImageBitmap;
}

export interface FilmPreview {
  readonly width: number;
  readonly height: number;
  readonly evened: boolean;
  readonly patternRemoved: boolean;
  /** The receiver closes it. */
  readonly picture: ImageBitmap;
}

/** Corners in pixels of the photograph, and how the film is to be turned. */
export interface FilmChoice {
  readonly corners: Quad;
  readonly pose: FilmPose;
}

/** What a picture has that came from no file. */
const PLAIN = { bitsStored: 8, format: 'png', attributes: {}, warnings: [] } as const;
/** A film's detail is in it; more would only cost memory (four bytes a pixel, twice). */
const MOST_PIXELS = 12_000_000;
const SCREEN_SIZE = 1600;
const PREVIEW_SIZE = 1000;

let photo: GreyImage | null = null;
let last: { readonly key: string; readonly film: CorrectedFilm } | null = null;

const failed = (reason: unknown): FilmFailedError => new FilmFailedError(reason);

const api = {
  /** A file, or a frame of the camera (closed by this). */
  async open(source: Blob | ImageBitmap): Promise<Answer<FilmPhoto>> {
    const opened = await answer(async () => {
      photo = null;
      last = null;
      const picture = await decode(source);
      const { pixels, width, height } = await toRadiograph(picture);
      closePicture(picture);
      photo = { width, height, data: pixels };
      const proposal = proposeCorners({ layout: 'float', ...photo });
      return { width, height, proposal, picture: await drawn(photo, SCREEN_SIZE) };
    }, failed);
    return opened.ok ? transfer(opened, [opened.value.picture]) : opened;
  },

  async correct(choice: FilmChoice): Promise<Answer<FilmPreview>> {
    const corrected = await answer(async () => {
      const film = filmOf(choice);
      const { width, height, evened, patternRemoved } = film;
      return { width, height, evened, patternRemoved, picture: await drawn(film, PREVIEW_SIZE) };
    }, failed);
    return corrected.ok ? transfer(corrected, [corrected.value.picture]) : corrected;
  },

  /** The corrected film as a file, lossless. */
  write(choice: FilmChoice): Promise<Answer<Blob>> {
    return answer(() => writeGreyPng(filmOf(choice)), failed);
  },
};

export type FilmApi = typeof api;

expose(api);

async function decode(source: Blob | ImageBitmap): Promise<DecodedPicture> {
  if (source instanceof Blob) return decodePicture(source, { maxPixels: MOST_PIXELS });
  const samples: PictureSamples = readBitmap(source);
  source.close();
  const { width, height } = samples;
  return { kind: 'samples', samples, facts: { ...PLAIN, width, height } };
}

/** The one for the same choice is kept: what was previewed is what is used. */
function filmOf(choice: FilmChoice): CorrectedFilm {
  if (!photo) throw new FilmFailedError();
  const key = JSON.stringify(choice);
  if (last?.key === key) return last.film;
  try {
    const film = correctFilm(photo, choice.corners, choice.pose);
    last = { key, film };
    return film;
  } catch (reason) {
    throw reason instanceof RangeError ? new FilmCornersError(reason) : reason;
  }
}

function drawn({ width, height, data }: GreyImage, size: number): Promise<ImageBitmap> {
  const radiograph = { ...PLAIN, width, height, pixels: data };
  return makeThumbnail({ kind: 'pixels', radiograph }, size);
}
