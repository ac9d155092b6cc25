/** What lies on both sides of a quadrilateral's border: light box, film, or the dark of the room. */
import type { GreyImage, Point, Quad } from './types.ts';

export interface SidesSeen {
  /** Share of the border with something brighter outside, as a light box around a film. */
  readonly litOutside: number;
  /** Share of the border that looks like the light box's own: bright and even inside, dark outside. */
  readonly boxEdge: number;
  /** Share of the border with a difference at all. */
  readonly seen: number;
}

const PLACES = 28;

export function sidesOf(corners: Quad, image: GreyImage): SidesSeen {
  const white = brightest(image);
  const near = Math.max(2.5, 0.008 * Math.max(image.width, image.height));
  let lit = 0;
  let box = 0;
  let seen = 0;
  let counted = 0;
  for (let i = 0; i < 4; i++) {
    const a = corners[i];
    const b = corners[(i + 1) % 4];
    const length = Math.hypot(b.x - a.x, b.y - a.y);
    // Corners run clockwise with y down: the outside is to the left of the way, at (dy, −dx).
    const ox = (b.y - a.y) / length;
    const oy = -(b.x - a.x) / length;
    for (let k = 1; k < PLACES; k++) {
      const t = k / PLACES;
      const x = a.x + (b.x - a.x) * t;
      const y = a.y + (b.y - a.y) * t;
      const out = strip(image, x, y, ox, oy, near);
      const inn = strip(image, x, y, -ox, -oy, near);
      if (!out || !inn) continue;
      counted++;
      const contrast = (out.mean - inn.mean) / (0.1 + Math.max(out.mean, inn.mean));
      if (Math.abs(contrast) > 0.05) seen++;
      if (contrast > 0.05) lit++;
      if (contrast < -0.2 && inn.mean > 0.62 * white && inn.spread < 0.05) box++;
    }
  }
  const share = (n: number): number => (counted > 0 ? n / counted : 0);
  return { litOutside: share(lit), boxEdge: share(box), seen: share(seen) };
}

/** Mean and largest difference of three places going away from the border; null outside the picture. */
function strip(
  image: GreyImage,
  x: number,
  y: number,
  dx: number,
  dy: number,
  near: number,
): { mean: number; spread: number } | null {
  let sum = 0;
  let least = Infinity;
  let most = -Infinity;
  for (let k = 0; k < 3; k++) {
    const away = near * (1 + k * 0.7);
    const value = at(image, { x: x + dx * away, y: y + dy * away });
    if (value === null) return null;
    sum += value;
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return { mean: sum / 3, spread: most - least };
}

function at({ width, height, data }: GreyImage, { x, y }: Point): number | null {
  const px = Math.round(x);
  const py = Math.round(y);
  if (px < 0 || py < 0 || px >= width || py >= height) return null;
  return data[py * width + px];
}

/** The value that only one pixel in fifty is above. */
function brightest({ data }: GreyImage): number {
  const step = Math.max(1, Math.floor(data.length / 6000));
  const sample: number[] = [];
  for (let i = 0; i < data.length; i += step) sample.push(data[i]);
  sample.sort((a, b) => a - b);
  return sample[Math.floor(sample.length * 0.98)] ?? 1;
}
