/**
 * What a camera can be set to (W3C MediaStream Image Capture). Chromium on Android gives these;
 * others leave them out, and the names are not in TypeScript's library.
 */
import * as v from 'valibot';

export interface CameraRange {
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly value: number;
}

export interface CameraControls {
  /** Null where there is no light. */
  readonly torch: boolean | null;
  /** Exposure compensation, in stops. */
  readonly exposure: CameraRange | null;
  /** Distance in meters, by hand; null where focus cannot be set. */
  readonly focus: CameraRange | null;
}

const range = v.object({
  min: v.number(),
  max: v.number(),
  step: v.optional(v.number(), 0),
});
const capabilities = v.object({
  torch: v.optional(v.boolean(), false),
  exposureCompensation: v.optional(range),
  focusDistance: v.optional(range),
  focusMode: v.optional(v.array(v.string()), []),
});
const settings = v.object({
  torch: v.optional(v.boolean(), false),
  exposureCompensation: v.optional(v.number()),
  focusDistance: v.optional(v.number()),
});

const NONE: CameraControls = { torch: null, exposure: null, focus: null };

export function readControls(
  track: Pick<MediaStreamTrack, 'getSettings'> & Partial<Pick<MediaStreamTrack, 'getCapabilities'>>,
): CameraControls {
  // Older Firefox has no getCapabilities.
  const can = v.safeParse(capabilities, track.getCapabilities?.());
  const now = v.safeParse(settings, track.getSettings());
  if (!can.success || !now.success) return NONE;
  const byHand = can.output.focusMode.includes('manual');
  return {
    torch: can.output.torch ? now.output.torch : null,
    exposure: rangeOf(can.output.exposureCompensation, now.output.exposureCompensation),
    focus: byHand ? rangeOf(can.output.focusDistance, now.output.focusDistance) : null,
  };
}

function rangeOf(
  span: v.InferOutput<typeof range> | undefined,
  value: number | undefined,
): CameraRange | null {
  if (!span || !(span.max > span.min)) return null;
  const step = span.step > 0 ? span.step : (span.max - span.min) / 20;
  return { ...span, step, value: value ?? (span.min + span.max) / 2 };
}

/** Names that TypeScript's library does not know. */
interface FilmSettings extends MediaTrackConstraintSet {
  torch?: boolean;
  exposureCompensation?: number;
  focusMode?: 'manual' | 'continuous';
  focusDistance?: number;
}

export type CameraSetting =
  | { readonly torch: boolean }
  | { readonly exposure: number }
  /** Null gives focusing back to the camera. */
  | { readonly focus: number | null };

/** The constraints that ask for a setting. */
export function settingOf(wish: CameraSetting): MediaTrackConstraintSet {
  let settings: FilmSettings;
  if ('torch' in wish) settings = { torch: wish.torch };
  else if ('exposure' in wish) settings = { exposureCompensation: wish.exposure };
  else if (wish.focus === null) settings = { focusMode: 'continuous' };
  else settings = { focusMode: 'manual', focusDistance: wish.focus };
  return settings;
}
