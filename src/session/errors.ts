import { Fault } from '../base/fault.ts';
import type { FaultData } from '../base/fault.ts';

/** Looking through a folder or an archive ended before its end. */
export class LookingStoppedError extends Fault {
  readonly code = 'looking-stopped';
  constructor(cause?: unknown) {
    super(
      'A folder or an archive could not be looked through to its end.',
      'Check that it is still there, then open it again.',
      { cause },
    );
  }
}

/** The engine stopped in the middle of a batch in a way that names no single picture. */
export class ReadingStoppedError extends Fault {
  readonly code = 'reading-stopped';
  constructor(cause?: unknown) {
    super('The reading stopped before this picture was done.', 'Try this picture again.', {
      cause,
    });
  }
}

/** Whatever was thrown, as plain data for a person; a Fault keeps its own words. */
export function faultDataOf(reason: unknown, otherwise: () => Fault): FaultData {
  if (reason instanceof Fault) return reason.toData();
  if (isFaultData(reason)) {
    return { code: reason.code, message: reason.message, remedy: reason.remedy };
  }
  return otherwise().toData();
}

function isFaultData(value: unknown): value is FaultData {
  if (typeof value !== 'object' || value === null) return false;
  const entry = value as Record<string, unknown>;
  return (
    typeof entry['code'] === 'string' &&
    typeof entry['message'] === 'string' &&
    typeof entry['remedy'] === 'string'
  );
}
