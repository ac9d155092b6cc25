/**
 * The definition in types.ts as a compute shader: one invocation a target pixel, which reads its
 * own source area. Borders of areas are whole-number fractions (j · length / size), so floor and
 * remainder are exact; only weights and sums are float32. The source is either the decoder's bytes
 * in a storage buffer or a texture.
 */

/** Values of `Plan.format`. */
export const LAYOUTS = {
  bytes: 0,
  words: 1,
  floats: 2,
  rgbx: 3,
  bgrx: 4,
  rgba: 5,
  bgra: 6,
} as const;

const COMMON = /* wgsl */ `
struct Plan {
  width: u32,
  height: u32,
  size: u32,
  format: u32,
  // 1 / the sample that means white
  gain: f32,
}

@group(0) @binding(0) var<uniform> plan: Plan;
@group(0) @binding(1) var<storage, read_write> result: array<f32>;

const LUMINANCE = vec3f(0.299, 0.587, 0.114);

// What target place j takes from an axis: the pixels first … last, the two outer ones by share.
struct Reach {
  first: u32,
  last: u32,
  firstShare: f32,
  lastShare: f32,
}

fn reach(j: u32, length: u32) -> Reach {
  let size = plan.size;
  if (length > size) {
    let start = j * length;
    let end = start + length;
    let first = start / size;
    let last = (end + size - 1u) / size - 1u;
    return Reach(
      first,
      last,
      1.0 - f32(start % size) / f32(size),
      f32(end - last * size) / f32(size),
    );
  }
  // The center in units of 1 / (2 · size), moved one pixel up to stay positive.
  let center = (2u * j + 1u) * length + size;
  let above = center / (2u * size);
  let share = f32(center % (2u * size)) / f32(2u * size);
  return Reach(max(above, 1u) - 1u, min(above, length - 1u), 1.0 - share, share);
}

fn weight(place: Reach, i: u32) -> f32 {
  return select(select(1.0, place.lastShare, i == place.last), place.firstShare, i == place.first);
}

@compute @workgroup_size(8, 8)
fn average(@builtin(global_invocation_id) at: vec3u) {
  if (at.x >= plan.size || at.y >= plan.size) { return; }
  let columns = reach(at.x, plan.width);
  let rows = reach(at.y, plan.height);
  // Both shares of one pixel (at a clamped border) sum to 1, whatever they are.
  let oneColumn = columns.first == columns.last;
  let oneRow = rows.first == rows.last;
  var sum = 0.0;
  for (var y = rows.first; y <= rows.last; y++) {
    var rowSum = 0.0;
    for (var x = columns.first; x <= columns.last; x++) {
      rowSum += value(x, y) * select(weight(columns, x), 1.0, oneColumn);
    }
    sum += rowSum * select(weight(rows, y), 1.0, oneRow);
  }
  let columnGain = min(1.0, f32(plan.size) / f32(plan.width));
  let rowGain = min(1.0, f32(plan.size) / f32(plan.height));
  result[at.y * plan.size + at.x] = sum * columnGain * rowGain * plan.gain;
}
`;

export const FROM_BUFFER = /* wgsl */ `${COMMON}
@group(0) @binding(2) var<storage, read> samples: array<u32>;

fn value(x: u32, y: u32) -> f32 {
  let i = y * plan.width + x;
  switch (plan.format) {
    case ${LAYOUTS.bytes}u: { return f32((samples[i >> 2u] >> ((i & 3u) * 8u)) & 255u); }
    case ${LAYOUTS.words}u: { return f32((samples[i >> 1u] >> ((i & 1u) * 16u)) & 65535u); }
    case ${LAYOUTS.floats}u: { return bitcast<f32>(samples[i]); }
    default: {}
  }
  let packed = samples[i];
  let bytes = vec4f(vec4u(packed, packed >> 8u, packed >> 16u, packed >> 24u) & vec4u(255u));
  let blueFirst = plan.format == ${LAYOUTS.bgrx}u || plan.format == ${LAYOUTS.bgra}u;
  let light = dot(select(bytes.rgb, bytes.bgr, blueFirst), LUMINANCE);
  return select(light, light * bytes.a / 255.0, plan.format >= ${LAYOUTS.rgba}u);
}
`;

export const FROM_TEXTURE = /* wgsl */ `${COMMON}
@group(0) @binding(2) var picture: texture_2d<f32>;

// Straight alpha: what is transparent lies over black.
fn value(x: u32, y: u32) -> f32 {
  let color = textureLoad(picture, vec2u(x, y), 0);
  return dot(color.rgb, LUMINANCE) * color.a;
}
`;
