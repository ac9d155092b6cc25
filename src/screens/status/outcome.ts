import { html, nothing } from 'lit';
import type { NoticeTone } from '../../elements/notice.ts';

/** How an action on the status page ended, in words. */
export interface Outcome {
  readonly tone: NoticeTone;
  readonly text: string;
}

export function renderOutcome(outcome: Outcome | undefined): unknown {
  if (!outcome) return nothing;
  return html`<fr-notice tone=${outcome.tone} announce="status">${outcome.text}</fr-notice>`;
}
