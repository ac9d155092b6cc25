/** Presets belong to a picture's grey: when that is turned around, they are too. */
import type { RadiographFacts, ViewPreset } from './types.ts';

export function invertPresets<T extends RadiographFacts>(facts: T): T {
  return facts.presets ? { ...facts, presets: facts.presets.map(invertPreset) } : facts;
}

function invertPreset(preset: ViewPreset): ViewPreset {
  const center = 1 - preset.center;
  if (!preset.curve) return { ...preset, center };
  return { ...preset, center, curve: preset.curve.map((grey) => 1 - grey).reverse() };
}
