/** Line icons on a 24-unit grid, our own drawings; decoration only, the words stand beside or in labels. */
import { html, svg } from 'lit';
import type { SVGTemplateResult, TemplateResult } from 'lit';

const SHAPES = {
  open: svg`<path d="M4 18V6.5A1.5 1.5 0 0 1 5.5 5H9l2 2.5h7.5A1.5 1.5 0 0 1 20 9v9a1.5 1.5 0 0 1-1.5 1.5h-13A1.5 1.5 0 0 1 4 18Z M12 11v5.5 M9.25 13.75h5.5"/>`,
  status: svg`<path d="M4 12.5h3.5l2-6 4.5 11 2.2-5H20"/>`,
  card: svg`<path d="M6.5 3.5h8l3.5 3.5v12a1.5 1.5 0 0 1-1.5 1.5h-10A1.5 1.5 0 0 1 5 19V5a1.5 1.5 0 0 1 1.5-1.5Z M8.5 11h7 M8.5 14.5h7 M8.5 7.5h3"/>`,
  bench: svg`<path d="M4.5 19.5h15 M7 16v-4.500 M12 16V6 M17 16V9.500"/>`,
  info: svg`<circle cx="12" cy="12" r="8.5"/><path d="M12 11v5.5 M12 7.6v.1"/>`,
  help: svg`<circle cx="12" cy="12" r="8.5"/><path d="M9.6 9.6a2.45 2.45 0 1 1 3.5 2.25c-.75.4-1.1.9-1.1 1.75 M12 16.7v.1"/>`,
  plus: svg`<path d="M12 5.5v13 M5.5 12h13"/>`,
  minus: svg`<path d="M5.5 12h13"/>`,
  fit: svg`<path d="M4.5 9V5.5a1 1 0 0 1 1-1H9 M15 4.5h3.5a1 1 0 0 1 1 1V9 M19.5 15v3.5a1 1 0 0 1-1 1H15 M9 19.5H5.5a1 1 0 0 1-1-1V15"/>`,
  move: svg`<path d="M12 3.5v17 M3.5 12h17 M9.7 5.8 12 3.5l2.3 2.3 M9.7 18.2l2.3 2.3 2.3-2.3 M5.8 9.7 3.5 12l2.3 2.3 M18.2 9.7l2.3 2.3-2.3 2.3"/>`,
  level: svg`<circle cx="12" cy="12" r="4"/><path d="M12 3.5v1.7 M12 18.8v1.7 M3.5 12h1.7 M18.8 12h1.7 M6 6l1.2 1.2 M16.8 16.8 18 18 M6 18l1.2-1.2 M16.8 7.2 18 6"/>`,
  invert: svg`<circle cx="12" cy="12" r="8.5"/><path d="M12 3.5a8.5 8.5 0 0 1 0 17Z" fill="currentColor"/>`,
  reset: svg`<path d="M5 12a7 7 0 1 0 2.3-5.2 M7.6 3.2 7.2 7l3.8.300"/>`,
  keyboard: svg`<rect x="3" y="6.5" width="18" height="11" rx="1.5"/><path d="M6.5 10h.1 M10 10h.1 M13.5 10h.1 M17.2 10h.1 M8.5 14h7"/>`,
  back: svg`<path d="M14.5 5.5 8 12l6.5 6.5"/>`,
  forward: svg`<path d="m9.5 5.5 6.5 6.5-6.5 6.5"/>`,
  close: svg`<path d="m6 6 12 12 M18 6 6 18"/>`,
  trash: svg`<path d="M4.5 7h15 M9.5 7V4.5h5V7 M6.5 7l.8 12a1.5 1.5 0 0 0 1.5 1.4h6.4a1.5 1.5 0 0 0 1.5-1.4l.8-12"/>`,
  retry: svg`<path d="M19 12a7 7 0 1 1-2.3-5.2 M16.4 3.2l.4 3.8-3.8.300"/>`,
  good: svg`<circle cx="12" cy="12" r="8.5"/><path d="m8.3 12.3 2.6 2.6 4.9-5.6"/>`,
  caution: svg`<path d="M12 4.2 3.6 19h16.8L12 4.2Z M12 10v4.3 M12 16.7v.1"/>`,
  trouble: svg`<path d="M8.5 3.5h7l5 5v7l-5 5h-7l-5-5v-7l5-5Z M12 8v5 M12 16v.1"/>`,
  download: svg`<path d="M12 4v11 M7.5 11 12 15.5 16.5 11 M5 19.5h14"/>`,
  print: svg`<path d="M7.5 8.5v-4h9v4 M7.5 16.5H5A1.5 1.5 0 0 1 3.5 15v-5A1.5 1.5 0 0 1 5 8.5h14a1.5 1.5 0 0 1 1.5 1.5v5a1.5 1.5 0 0 1-1.5 1.5h-2.5 M7.5 13.5h9v6h-9Z"/>`,
  copy: svg`<rect x="8.5" y="8.5" width="11" height="11" rx="1.5"/><path d="M15.5 8.5V6A1.5 1.5 0 0 0 14 4.5H6A1.5 1.5 0 0 0 4.5 6v8A1.5 1.5 0 0 0 6 15.5h2.5"/>`,
  pause: svg`<path d="M8.5 6v12 M15.5 6v12"/>`,
  play: svg`<path d="M8 5.5v13l10.5-6.5L8 5.5Z"/>`,
  offline: svg`<path d="M5 12.5a8.5 8.5 0 0 1 3.2-2.8 M19 12.5a8.5 8.5 0 0 0-5.6-3.5 M8.2 15.5a4.8 4.8 0 0 1 2.8-1.4 M12 19v.1 M4.5 4.5l15 15"/>`,
  evidence: svg`<path d="M12 4.200 20.500 9 12 13.800 3.500 9Z M4.800 13.300 12 17.300l7.200-4 M4.800 16.800 12 20.800l7.200-4"/>`,
  lungs: svg`<path d="M12 4v7 M12 11c-1.200-1.300-2.300-4-3.700-4C5.800 7 4 12.500 4 16.500c0 2.200 1.300 3 2.900 2.500l3.100-1.100c1.300-.500 2-1.200 2-2.600Z M12 11c1.200-1.300 2.300-4 3.700-4C18.200 7 20 12.500 20 16.500c0 2.200-1.300 3-2.900 2.500L14 17.900c-1.300-.500-2-1.200-2-2.600"/>`,
  lock: svg`<rect x="5" y="10.500" width="14" height="9" rx="1.500"/><path d="M8 10.500V8a4 4 0 0 1 8 0v2.500 M12 14v2"/>`,
  cover: svg`<path d="M3.500 12s3-5.500 8.500-5.500c1.300 0 2.500.300 3.500.800 M20.500 12s-3 5.500-8.500 5.500c-1.300 0-2.500-.300-3.500-.800 M4.500 19.500l15-15"/><circle cx="12" cy="12" r="2.300"/>`,
  history: svg`<path d="M4.500 12a7.500 7.500 0 1 0 2.300-5.400L4.500 9 M4.500 4.500V9H9 M12 8v4.300l3 1.700"/>`,
  patient: svg`<circle cx="12" cy="8.500" r="3.700"/><path d="M5 19.500c.600-3.500 3.300-5.300 7-5.300s6.400 1.800 7 5.300"/>`,
  edit: svg`<path d="M5 19l.800-3.600L15.600 5.600a1.500 1.500 0 0 1 2.100 0l.700.700a1.500 1.500 0 0 1 0 2.100L8.600 18.200 5 19Z"/>`,
  settings: svg`<path d="M4 7h9 M18.500 7H20 M4 17h2.500 M12 17h8"/><circle cx="15.700" cy="7" r="2.500"/><circle cx="9.200" cy="17" r="2.500"/>`,
  rotate: svg`<path d="M5.500 12a6.500 6.500 0 1 0 2-4.700 M5.200 4.500v3.700h3.700"/>`,
  crop: svg`<path d="M7 3.500V17h13.500 M3.500 7H17v13.500"/>`,
  undo: svg`<path d="M8.500 5 4.500 9l4 4 M5 9h8.500a5.500 5.500 0 0 1 0 11H9"/>`,
  next: svg`<path d="M4.500 12h14 M13 6.500l5.500 5.500-5.500 5.500"/>`,
  camera: svg`<path d="M4 8.5A1.5 1.5 0 0 1 5.5 7H8l1.5-2h5L16 7h2.5A1.5 1.5 0 0 1 20 8.5v9a1.5 1.5 0 0 1-1.5 1.5h-13A1.5 1.5 0 0 1 4 17.5Z"/><circle cx="12" cy="12.7" r="3.4"/>`,
  mirror: svg`<path d="M12 4v16 M9 7.5 4 17h5Z M15 7.5l5 9.5h-5Z"/>`,
  check: svg`<path d="m5.5 12.5 4.2 4.2 8.8-9.4"/>`,
  folder: svg`<path d="M4 18V6.5A1.5 1.5 0 0 1 5.5 5H9l2 2.5h7.5A1.5 1.5 0 0 1 20 9v9a1.5 1.5 0 0 1-1.5 1.5h-13A1.5 1.5 0 0 1 4 18Z"/>`,
  chevron: svg`<path d="m6 9.500 6 6 6-6"/>`,
  up: svg`<path d="M12 19V5.5 M6.5 11 12 5.5l5.5 5.5"/>`,
  down: svg`<path d="M12 5v13.5 M6.5 13l5.5 5.5 5.5-5.5"/>`,
} satisfies Record<string, SVGTemplateResult>;

export type IconName = keyof typeof SHAPES;

export function icon(name: IconName, size = 22): TemplateResult {
  return html`<svg
    viewBox="0 0 24 24"
    width=${size}
    height=${size}
    fill="none"
    stroke="currentColor"
    stroke-width="1.75"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
    focusable="false"
  >
    ${SHAPES[name]}
  </svg>`;
}
