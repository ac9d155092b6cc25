/** Lengths on a picture, in the millimeters of its file. Pure. */
import type { Point, Size, View } from './view-transform.ts';

/** A straight line on the picture, in picture pixels. */
export interface Line {
  readonly start: Point;
  readonly end: Point;
}

/** @param spacing distance of neighboring rows and of neighboring columns, in millimeters */
export function lengthOf({ start, end }: Line, spacing: readonly [number, number]): number {
  return Math.hypot((end.x - start.x) * spacing[1], (end.y - start.y) * spacing[0]);
}

/** Where a picture point lies on the stage. */
export function toStage(point: Point, view: View, stage: Size): Point {
  return {
    x: stage.width / 2 + (point.x - view.centerX) * view.scale,
    y: stage.height / 2 + (point.y - view.centerY) * view.scale,
  };
}

/** A level line in the middle half of what is in sight. */
export function startLine(view: View, stage: Size, picture: Size): Line {
  const half = Math.min(stage.width / view.scale, picture.width) / 4;
  const y = view.centerY;
  return {
    start: inside({ x: view.centerX - half, y }, picture),
    end: inside({ x: view.centerX + half, y }, picture),
  };
}

export function inside(point: Point, picture: Size): Point {
  return {
    x: Math.min(picture.width, Math.max(0, point.x)),
    y: Math.min(picture.height, Math.max(0, point.y)),
  };
}
