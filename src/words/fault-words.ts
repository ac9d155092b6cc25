import type { FaultData } from '../base/fault.ts';

/** What happened and what the person can do, one after the other. */
export function faultWords({ message, remedy }: FaultData): string {
  return `${message} ${remedy}`.trim();
}
