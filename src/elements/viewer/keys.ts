/** What each key means to the viewer. Pure, so that help and handling can be held side by side. */
import { ZOOM_STEP } from './view-transform.ts';
import type { Point } from './view-transform.ts';

export type ViewerCommand =
  | { readonly kind: 'zoom'; readonly factor: number }
  | { readonly kind: 'move'; readonly by: Point }
  | { readonly kind: 'level'; readonly center: number; readonly width: number }
  | { readonly kind: 'fit' | 'actual-size' | 'invert' | 'reset' | 'help' };

const PAN = 48;
const LEVEL = 0.04;

const PLAIN: Readonly<Record<string, ViewerCommand>> = {
  '+': { kind: 'zoom', factor: ZOOM_STEP },
  '=': { kind: 'zoom', factor: ZOOM_STEP },
  '-': { kind: 'zoom', factor: 1 / ZOOM_STEP },
  '0': { kind: 'fit' },
  f: { kind: 'fit' },
  '1': { kind: 'actual-size' },
  i: { kind: 'invert' },
  r: { kind: 'reset' },
  '?': { kind: 'help' },
  arrowup: { kind: 'move', by: { x: 0, y: PAN } },
  arrowdown: { kind: 'move', by: { x: 0, y: -PAN } },
  arrowleft: { kind: 'move', by: { x: PAN, y: 0 } },
  arrowright: { kind: 'move', by: { x: -PAN, y: 0 } },
};

const SHIFTED: Readonly<Record<string, ViewerCommand>> = {
  arrowup: { kind: 'level', center: -LEVEL, width: 0 },
  arrowdown: { kind: 'level', center: LEVEL, width: 0 },
  arrowleft: { kind: 'level', center: 0, width: -LEVEL },
  arrowright: { kind: 'level', center: 0, width: LEVEL },
};

/** Null for keys that are none of the viewer's, and for the browser's own shortcuts. */
export function commandOf(event: KeyboardEvent): ViewerCommand | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  const key = event.key.toLowerCase();
  const shifted = event.shiftKey ? SHIFTED[key] : undefined;
  // With shift, `+` and `?` are themselves on many keyboards; arrows are not.
  if (event.shiftKey && key.startsWith('arrow')) return shifted ?? null;
  return PLAIN[key] ?? null;
}
