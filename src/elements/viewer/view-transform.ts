/**
 * Where the picture lies on the stage. Pure geometry: `scale` is CSS pixels per picture pixel, the
 * center is the picture point in the middle of the stage.
 */
export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface View {
  readonly scale: number;
  readonly centerX: number;
  readonly centerY: number;
}

/** What whoever draws over the picture has to know: where it lies on the stage. */
export interface ViewerSight {
  readonly view: View;
  readonly stage: Size;
  readonly picture: Size;
}

/** One step of the zoom buttons and keys. */
export const ZOOM_STEP = 1.25;

/** The largest scale: sixteen times the fit, or eight screen pixels a picture pixel if that is more. */
export function maxScale(stage: Size, picture: Size): number {
  return Math.max(16 * fitScale(stage, picture), 8);
}

export function fitScale(stage: Size, picture: Size): number {
  if (picture.width <= 0 || picture.height <= 0) return 1;
  return Math.max(1e-6, Math.min(stage.width / picture.width, stage.height / picture.height));
}

export function fitView(stage: Size, picture: Size): View {
  return {
    scale: fitScale(stage, picture),
    centerX: picture.width / 2,
    centerY: picture.height / 2,
  };
}

/** Whether the whole picture is in sight (so that dragging has nothing to move). */
export function isFitted(view: View, stage: Size, picture: Size): boolean {
  return view.scale <= fitScale(stage, picture) * 1.001;
}

/** Scale within fit … max, and no empty space beside a picture larger than the stage. */
export function clampView(view: View, stage: Size, picture: Size): View {
  const scale = Math.min(maxScale(stage, picture), Math.max(fitScale(stage, picture), view.scale));
  return {
    scale,
    centerX: clampCenter(view.centerX, picture.width, stage.width / scale),
    centerY: clampCenter(view.centerY, picture.height, stage.height / scale),
  };
}

function clampCenter(center: number, length: number, seen: number): number {
  if (seen >= length) return length / 2;
  return Math.min(length - seen / 2, Math.max(seen / 2, center));
}

/** The picture point under a stage point. */
export function toPicture(view: View, stage: Size, point: Point): Point {
  return {
    x: view.centerX + (point.x - stage.width / 2) / view.scale,
    y: view.centerY + (point.y - stage.height / 2) / view.scale,
  };
}

/** What is in sight, so that another picture of another size can show the same. */
export interface ViewPart {
  /** 1: the whole picture. */
  readonly zoom: number;
  /** The middle, as shares of the picture. */
  readonly x: number;
  readonly y: number;
}

export function partOf({ view, stage, picture }: ViewerSight): ViewPart {
  return {
    zoom: view.scale / fitScale(stage, picture),
    x: view.centerX / Math.max(1, picture.width),
    y: view.centerY / Math.max(1, picture.height),
  };
}

export function viewOf({ zoom, x, y }: ViewPart, stage: Size, picture: Size): View {
  const scale = zoom * fitScale(stage, picture);
  return clampView(
    { scale, centerX: x * picture.width, centerY: y * picture.height },
    stage,
    picture,
  );
}

/** Zooms so that the picture point under `point` stays there. */
export function zoomAt(view: View, factor: number, point: Point, stage: Size, picture: Size): View {
  const fixed = toPicture(view, stage, point);
  const scale = clampView({ ...view, scale: view.scale * factor }, stage, picture).scale;
  return clampView(
    {
      scale,
      centerX: fixed.x - (point.x - stage.width / 2) / scale,
      centerY: fixed.y - (point.y - stage.height / 2) / scale,
    },
    stage,
    picture,
  );
}

/** Moves the picture with the pointer by CSS pixels. */
export function panBy(view: View, by: Point, stage: Size, picture: Size): View {
  return clampView(
    {
      scale: view.scale,
      centerX: view.centerX - by.x / view.scale,
      centerY: view.centerY - by.y / view.scale,
    },
    stage,
    picture,
  );
}

/** The part of the picture in sight, in picture pixels. */
export function visibleRegion(view: View, stage: Size, picture: Size): Size & Point {
  const start = toPicture(view, stage, { x: 0, y: 0 });
  const end = toPicture(view, stage, { x: stage.width, y: stage.height });
  const x = Math.min(picture.width, Math.max(0, start.x));
  const y = Math.min(picture.height, Math.max(0, start.y));
  return {
    x,
    y,
    width: Math.max(0, Math.min(picture.width, end.x) - x),
    height: Math.max(0, Math.min(picture.height, end.y) - y),
  };
}
