/**
 * The golden input of the model: a synthetic frontal chest radiograph given by a formula.
 *
 * It is written once here and once in training/ (Python); tests/fixtures/phantom-golden.json holds
 * both to the same numbers (1e-6). So only float64 + − × ÷, abs, min, max, sqrt, exp, sin and cos are
 * used, every step is one expression over a pixel, and what differs between variants comes from the
 * integer hash `unit`, never from a random generator.
 *
 * Coordinates: x and y run from −1 to 1 over the square picture (y downwards), pixel centers at
 * (i + 0.5) / size. The patient's left is on the viewer's right, as on every frontal radiograph.
 * The picture is built as absorption (0 = air) and turned into brightness by one exponential curve.
 */

/**
 * Hash of three integers to 0 … 1 (exclusive), in unsigned 32-bit arithmetic that wraps around:
 * h = a·374761393 + b·668265263 + c·2246822519; h = (h ^ h>>13)·1274126177; h = h ^ h>>16; h / 2³².
 */
export function unit(a: number, b: number, c: number): number {
  let h = (Math.imul(a, 374761393) + Math.imul(b, 668265263) + Math.imul(c, 2246822519)) >>> 0;
  h = Math.imul(h ^ (h >>> 13), 1274126177) >>> 0;
  return ((h ^ (h >>> 16)) >>> 0) / 4294967296;
}

/** A smooth step from 0 (d far below 0) to 1 (d far above 0), `width` wide. */
function edge(d: number, width: number): number {
  return 1 / (1 + Math.exp(-Math.min(40, Math.max(-40, d / width))));
}

/** A bell of height 1 at 0 and standard deviation `width`. */
function bell(d: number, width: number): number {
  return Math.exp((-0.5 * d * d) / (width * width));
}

/** A round spot of height 1 in two directions. */
function spot(dx: number, dy: number, wx: number, wy: number): number {
  return Math.exp(-0.5 * ((dx * dx) / (wx * wx) + (dy * dy) / (wy * wy)));
}

interface Patch {
  readonly x: number;
  readonly y: number;
  readonly wide: number;
  readonly high: number;
  readonly strength: number;
}

/** Everything that tells one variant from another. Angles in radians, lengths in picture halves. */
interface Chest {
  readonly scale: number;
  readonly angle: number;
  readonly shiftX: number;
  readonly shiftY: number;
  /** Trunk turned about its long axis: the mediastinum moves against the spine. */
  readonly turn: number;
  readonly width: number;
  readonly heart: number;
  readonly ribs: number;
  readonly ribPhase: number;
  readonly dome: number;
  readonly haze: number;
  readonly noise: number;
  readonly exposure: number;
  readonly patches: readonly Patch[];
}

/**
 * Numbers of a variant. Kind = variant mod 4: 0 clear lungs; 1 many patches low and at the sides;
 * 2 one dense patch; 3 a haze over both lungs, trunk turned further. `pick(k, low, high)` draws the
 * k-th number of the variant as low + (high − low) · unit(variant, k, 1).
 */
function chestOf(variant: number): Chest {
  const pick = (k: number, low: number, high: number): number =>
    low + (high - low) * unit(variant, k, 1);
  const kind = variant % 4;
  const many = [0, 7, 1, 2][kind] ?? 0;
  const patches: Patch[] = [];
  for (let i = 0; i < many; i += 1) {
    const side = i % 2 === 0 ? 1 : -1;
    const k = 100 + i * 10;
    patches.push({
      x: side * pick(k, 0.3, 0.62),
      y: pick(k + 1, -0.25, 0.42),
      wide: pick(k + 2, 0.06, 0.13) * (kind === 2 ? 1.4 : 1),
      high: pick(k + 3, 0.06, 0.15) * (kind === 2 ? 1.4 : 1),
      strength: kind === 2 ? 0.55 : pick(k + 4, 0.16, 0.34),
    });
  }
  return {
    scale: pick(1, 0.94, 1.1),
    angle: pick(2, -0.05, 0.05) * (kind === 3 ? 2.2 : 1),
    shiftX: pick(3, -0.04, 0.04),
    shiftY: pick(4, -0.04, 0.04),
    turn: pick(5, -0.03, 0.03) * (kind === 3 ? 2 : 1),
    width: pick(6, 0.92, 1.06),
    heart: pick(7, 0.85, 1.15),
    ribs: pick(8, 0.15, 0.175),
    ribPhase: pick(9, 0, 6.28),
    dome: pick(10, 0.44, 0.56),
    haze: kind === 3 ? pick(11, 0.1, 0.16) : kind === 1 ? 0.03 : 0,
    noise: pick(12, 0.008, 0.02),
    exposure: pick(13, 1.25, 1.6),
    patches,
  };
}

/** Lung fields, 0 … 1: two tapering ovals, cut below by the diaphragm domes. */
function lungAt(x: number, y: number, side: number, chest: Chest): number {
  const dx = (x - side * 0.43 * chest.width) / (0.34 * chest.width);
  const dy = (y - 0.14) / 0.94;
  const squared = dx * dx;
  // Steeper than an ellipse at the sides, so that the lung's outer wall is nearly upright.
  const inside = 1 - (0.72 * squared + 0.28 * squared * squared + dy * dy);
  return edge(inside, 0.045) * edge(domeAt(x, side, chest) - y, 0.012);
}

/** Height of the diaphragm's dome; the patient's right one (side −1) stands higher. */
function domeAt(x: number, side: number, chest: Chest): number {
  const away = x - side * 0.38;
  return chest.dome + (side < 0 ? -0.05 : 0) + 0.75 * away * away + 2.2 * away * away * away * away;
}

/** Ribs over one lung: steep arcs behind, fainter ones sloping inward in front. */
function ribsAt(x: number, y: number, side: number, chest: Chest): number {
  const out = side * x;
  const behind = y - 0.16 * Math.sin(2.2 * out) + 0.5 * (out - 0.35) * (out - 0.35);
  const wave = Math.sin((6.283185307179586 * behind) / chest.ribs + chest.ribPhase);
  const front = y - 0.55 * (0.55 - out) - 0.25 * out * out;
  const frontWave = Math.sin(
    (6.283185307179586 * front) / (chest.ribs * 1.15) + 1 + chest.ribPhase,
  );
  const band = edge(wave - 0.25, 0.16);
  // A rib is a tube: brighter along both borders than in its middle.
  const tube = band * (0.75 + 0.5 * bell(wave - 0.35, 0.25));
  const cage = edge(0.84 * chest.width - out, 0.02) * edge(out - 0.07, 0.03);
  return cage * (0.1 * tube + 0.05 * edge(frontWave - 0.35, 0.18) * edge(out - 0.2, 0.06));
}

/** Vessels that leave the hilum as rays and fade outward. */
function vesselsAt(x: number, y: number, side: number): number {
  const dx = side * x - 0.16;
  const dy = y + 0.02;
  const r = Math.sqrt(dx * dx + dy * dy + 0.0004);
  const c = dx / r;
  const s = dy / r;
  // cos and sin of the angle stand in for the angle itself: no arcus tangens is needed.
  const rays = Math.sin(9 * s + 5 * r + side) + Math.sin(13 * s - 4 * c + 7 * r);
  return 0.16 * spot(dx, dy, 0.085, 0.13) + 0.075 * edge(rays - 0.7, 0.3) * Math.exp(-2.6 * r);
}

/** Absorption of what lies between and around the lungs. */
function middleAt(x: number, y: number, chest: Chest): number {
  const turned = x - chest.turn * 3;
  const spine =
    0.2 * bell(x, 0.075) * (0.86 + 0.14 * Math.sin(38 * y + 0.6)) +
    0.035 * bell(x, 0.02) * edge(Math.sin(38 * y + 2), 0.3);
  const half = 0.12 + 0.05 * edge(y + 0.1, 0.18) + 0.1 * edge(-0.72 - y, 0.06);
  const mediastinum = 0.44 * edge(half - Math.abs(turned), 0.028) * edge(y + 1.15, 0.1);
  const knob = 0.2 * spot(turned - 0.14, y + 0.34, 0.065, 0.085);
  const windpipe = 0.2 * bell(turned + 0.01, 0.042) * edge(-0.2 - y, 0.06) * edge(y + 1.1, 0.05);
  const hx = turned - 0.13 * chest.heart;
  const hy = y - 0.3;
  const along = (0.94 * hx + 0.34 * hy) / (0.36 * chest.heart);
  const across = (0.94 * hy - 0.34 * hx) / (0.27 * chest.heart);
  const heart = 0.55 * edge(1 - along * along - across * across, 0.09);
  return (
    spine + Math.max(mediastinum, heart) + 0.25 * Math.min(mediastinum, heart) + knob - windpipe
  );
}

/** Collar bones: two shallow S curves from the breastbone to the shoulders. */
function claviclesAt(x: number, y: number, chest: Chest): number {
  const out = Math.abs(x - chest.turn);
  const line = -0.66 - 0.1 * (out - 0.1) - 0.07 * Math.sin(4.2 * (out - 0.1));
  const d = y - line;
  const ends = edge(out - 0.09, 0.015) * edge(0.92 - out, 0.03);
  return ends * (0.16 * edge(0.034 - Math.abs(d), 0.006) + 0.07 * bell(Math.abs(d) - 0.03, 0.01));
}

/** Soft tissue of the trunk: neck, shoulder line, flanks thinning outward. */
function tissueAt(x: number, y: number): number {
  const shoulders = edge(y + 0.98 - 0.34 * x * x, 0.03);
  const neck = edge(0.27 - Math.abs(x), 0.03);
  const trunk = shoulders + neck - shoulders * neck;
  const flank = edge(0.99 - Math.abs(x) + 0.25 * edge(-0.25 - y, 0.1), 0.02);
  const armpit = 0.28 * spot(Math.abs(x) - 0.93, y + 0.1, 0.05, 0.22);
  return trunk * flank * (0.78 - 0.2 * x * x - armpit);
}

/** Absorption at one place of the trunk's own coordinates. */
function absorptionAt(x: number, y: number, chest: Chest): number {
  const side = x < 0 ? -1 : 1;
  const lung = lungAt(x, y, side, chest);
  const below = edge(y - domeAt(x, side, chest), 0.014 + 0.3 * sq(Math.max(0, Math.abs(x) - 0.6)));
  const belly = below * (0.32 - 0.22 * x * x);
  const bubble = 0.3 * below * edge(1 - (sq((x - 0.4) / 0.15) + sq((y - 0.67) / 0.07)), 0.12);
  const mesh =
    Math.sin(31 * x + 4 * y + 2 * Math.sin(11 * y)) *
      Math.sin(27 * y - 5 * x + 2 * Math.sin(9 * x)) +
    Math.sin(58 * x - 17 * y + 3 * Math.sin(13 * y)) * Math.sin(49 * y + 21 * x);
  let sick = chest.haze * (1.1 + 0.4 * mesh);
  for (const patch of chest.patches) {
    const grain = 1 + 0.3 * Math.sin(23 * x + 9 * y + patch.x * 20) * Math.sin(19 * y - 7 * x);
    sick += patch.strength * grain * spot(x - patch.x, y - patch.y, patch.wide, patch.high);
  }
  const tissue = tissueAt(x, y);
  const air = 0.8 - 0.1 * edge(y - 0.1, 0.25);
  const marks = vesselsAt(x, y, side) + sick + 0.012 * Math.sin(47 * x + 13 * y) * Math.sin(41 * y);
  return (
    tissue * (1 - lung * air) +
    lung * marks +
    tissue * (middleAt(x, y, chest) + ribsAt(x, y, side, chest) + belly - bubble) +
    claviclesAt(x, y, chest)
  );
}

function sq(value: number): number {
  return value * value;
}

/**
 * A synthetic frontal chest radiograph.
 * @param size edge length in pixels, 1 … 4096
 * @param variant 0 … 2³¹ − 1; variant mod 4 says what is in the lungs (clear, patches, one dense
 *   patch, haze), the hash of the variant gives size, pose, exposure and noise
 * @returns size × size brightness values, row-major, 0 = black … 1 = white
 * @throws RangeError if size or variant is outside its range
 */
export function chestPhantom(size: number, variant: number): Float32Array<ArrayBuffer> {
  if (!Number.isInteger(size) || size < 1 || size > 4096) {
    throw new RangeError(`The phantom's size must be a whole number from 1 to 4096, not ${size}.`);
  }
  if (!Number.isInteger(variant) || variant < 0 || variant > 0x7fffffff) {
    throw new RangeError(`The phantom's variant must be a whole number from 0, not ${variant}.`);
  }
  const chest = chestOf(variant);
  const cos = Math.cos(chest.angle) / chest.scale;
  const sin = Math.sin(chest.angle) / chest.scale;
  const pixels = new Float32Array(size * size);
  for (let row = 0; row < size; row += 1) {
    const py = (2 * (row + 0.5)) / size - 1 - chest.shiftY;
    for (let column = 0; column < size; column += 1) {
      const px = (2 * (column + 0.5)) / size - 1 - chest.shiftX;
      const x = cos * px + sin * py;
      const y = cos * py - sin * px;
      const absorbed = 1 - Math.exp(-chest.exposure * Math.max(0, absorptionAt(x, y, chest)));
      const grain = unit(column, row, variant + 7) + unit(column, row, variant + 1000003) - 1;
      const bright = 0.02 + 1.08 * absorbed + chest.noise * grain * (1.4 - absorbed);
      pixels[row * size + column] = Math.min(1, Math.max(0, bright));
    }
  }
  return pixels;
}
