/** Which picture of a document is the radiograph, and how it lies on its page. */
import type { Found, PdfObjects } from './objects.ts';
import { drawnPictures, type Drawn } from './pages.ts';
import { inPieces, withoutPicture } from './refusals.ts';
import { Ref } from './syntax.ts';

export interface Chosen {
  readonly picture: Found;
  readonly width: number;
  readonly height: number;
  /** 1 … 8 as in EXIF. */
  readonly orientation: number;
  /** Height of a pixel over its width, as stored. */
  readonly pixelRatio: number;
  /** There are other pictures or pages. */
  readonly more: boolean;
}

/** Shares of a page that a picture covers. */
const LEAST_OF_SEVERAL = 0.25;
const LEAST_ALONE = 0.05;
/** Edges this near, in shares of a page, touch. */
const NEAR = 0.01;
/** Rounded to whole points, pictures are drawn a little out of shape. */
const SQUARE = 0.03;

interface Place {
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly top: number;
}

/** @throws UnsupportedFormatError */
export function chooseRadiograph(objects: PdfObjects): Chosen {
  const pictures = new Map(picturesIn(objects).map((each) => [each.number, each]));
  if (pictures.size === 0) throw withoutPicture();
  const { count, drawn } = drawnPictures(objects);
  const shown = drawn.filter(({ number }) => pictures.has(number));
  const different = new Set(shown.map(({ number }) => number)).size;
  const [best] = shown.toSorted((a, b) => areaOf(b) - areaOf(a));
  if (!best) {
    // Content that cannot be followed says nothing against the only picture there is.
    const [only, ...others] = pictures.values();
    if (!only || others.length > 0 || drawn.length > 0) throw withoutPicture();
    const size = sizeOf(objects, only);
    return { picture: only, ...size, orientation: 1, pixelRatio: 1, more: count > 1 };
  }
  if (areaOf(best) < (different > 1 ? LEAST_OF_SEVERAL : LEAST_ALONE)) throw withoutPicture();
  if (shown.some((other) => isPieceBeside(best, other))) throw inPieces();
  const picture = pictures.get(best.number);
  if (!picture) throw withoutPicture();
  const size = sizeOf(objects, picture);
  const visible = shown.filter((each) => areaOf(each) >= LEAST_ALONE);
  const more = count > 1 || new Set(visible.map(({ number }) => number)).size > 1;
  return { picture, ...size, ...layingOf(best, size), more };
}

/** Pictures with a size, and neither a stencil nor the mask of another one. */
function picturesIn(objects: PdfObjects): Found[] {
  const pictures = objects
    .streams()
    .filter(({ dictionary }) => objects.name(dictionary.get('Subtype')) === 'Image');
  const masks = new Set(
    pictures.flatMap(({ dictionary }) =>
      ['SMask', 'Mask'].flatMap((key) => {
        const mask = dictionary.get(key);
        return mask instanceof Ref ? [mask.number] : [];
      }),
    ),
  );
  return pictures.filter(({ dictionary, number }) => {
    if (masks.has(number) || objects.resolve(dictionary.get('ImageMask')) === true) return false;
    return ['Width', 'Height'].every((key) => (objects.number(dictionary.get(key)) ?? 0) >= 1);
  });
}

function sizeOf(objects: PdfObjects, { dictionary }: Found): { width: number; height: number } {
  return {
    width: Math.floor(objects.number(dictionary.get('Width')) ?? 0),
    height: Math.floor(objects.number(dictionary.get('Height')) ?? 0),
  };
}

function areaOf({ matrix: [a, b, c, d] }: Drawn): number {
  return Math.min(1, Math.abs(a * d - b * c));
}

function placeOf({ matrix: [a, b, c, d, e, f] }: Drawn): Place {
  const xs = [e, e + a, e + c, e + a + c];
  const ys = [f, f + b, f + d, f + b + d];
  return {
    ...{ left: Math.min(...xs), right: Math.max(...xs) },
    ...{ bottom: Math.min(...ys), top: Math.max(...ys) },
  };
}

/** Scanners cut a page into bands: as wide as each other, edge at edge. */
function isPieceBeside(one: Drawn, other: Drawn): boolean {
  if (one.page !== other.page || one.number === other.number) return false;
  const [a, b] = [placeOf(one), placeOf(other)];
  const near = (x: number, y: number): boolean => Math.abs(x - y) < NEAR;
  const bands =
    near(a.left, b.left) &&
    near(a.right, b.right) &&
    (near(a.top, b.bottom) || near(a.bottom, b.top));
  const columns =
    near(a.top, b.top) &&
    near(a.bottom, b.bottom) &&
    (near(a.left, b.right) || near(a.right, b.left));
  return bands || columns;
}

/** How the picture's own right and down lie on the page as it is shown. */
function layingOf(
  { matrix: [a, b, c, d], pageRatio }: Drawn,
  { width, height }: { width: number; height: number },
): Pick<Chosen, 'orientation' | 'pixelRatio'> {
  // On the page up counts; the unit square's up is the picture's.
  const right = directionOf(a * pageRatio, -b);
  const down = directionOf(-c * pageRatio, d);
  const ratio = Math.hypot(c * pageRatio, d) / height / (Math.hypot(a * pageRatio, b) / width);
  const sound = Number.isFinite(ratio) && Math.abs(ratio - 1) > SQUARE;
  return { orientation: ORIENTATIONS[`${right} ${down}`] ?? 1, pixelRatio: sound ? ratio : 1 };
}

type Direction = 'right' | 'left' | 'down' | 'up';

function directionOf(x: number, y: number): Direction {
  if (Math.abs(x) >= Math.abs(y)) return x >= 0 ? 'right' : 'left';
  return y >= 0 ? 'down' : 'up';
}

/** EXIF 2.3, table of tag 0x0112, by where the picture's right and down go. */
const ORIENTATIONS: Readonly<Record<string, number>> = {
  'right down': 1,
  'left down': 2,
  'left up': 3,
  'right up': 4,
  'down right': 5,
  'down left': 6,
  'up left': 7,
  'up right': 8,
};
