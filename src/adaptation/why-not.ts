/** Why a device cannot train the last blocks, in words. */
import type { TuningRefusal } from '../inference/tuning.ts';

const NAMES = { webgpu: 'WebGPU', webgl: 'WebGL' } as const;

/** @param pictures in an epoch */
export function whyNot(refused: readonly TuningRefusal[], pictures: number): string {
  if (refused.every(({ why }) => why === 'missing')) {
    return 'this browser offers no graphics processor (neither WebGPU nor WebGL).';
  }
  return refused.map((each) => sentence(each, pictures)).join(' ');
}

function sentence(refusal: TuningRefusal, pictures: number): string {
  const name = NAMES[refusal.backend];
  switch (refusal.why) {
    case 'missing':
      return `${name} is not there.`;
    case 'wrong':
      return `${name} (${refusal.adapter ?? 'unnamed'}) computes wrong gradients: off by ${(100 * refusal.worst).toPrecision(2)} %.`;
    case 'failed':
      return `${name} failed: ${refusal.fault.message}`;
    case 'slow': {
      const who = refusal.software
        ? 'is only imitated by the processor'
        : `(${refusal.adapter ?? 'unnamed'}) is too slow`;
      if (refusal.msAPicture === null) return `${name} ${who}: not one step was done in time.`;
      const seconds = Math.round((refusal.msAPicture * pictures) / 1000);
      return `${name} ${who}: an epoch of ${pictures} pictures would take ${seconds} seconds.`;
    }
  }
}
