import { html, nothing } from 'lit';
import type { FaultData } from '../../base/fault.ts';
import '../notice.ts';

/** What went wrong and what to do; nothing where all is well. */
export function faultNotice(fault: FaultData | null, actions: unknown = nothing): unknown {
  if (!fault) return nothing;
  return html`<fr-notice tone="trouble" announce="alert" heading=${fault.message}>
    ${fault.remedy}${actions}
  </fr-notice>`;
}
