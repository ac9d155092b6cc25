/** What speaks against relying on an answer, gathered and put in order. */
import type { Lungs as LungContract } from '../model/index.ts';
import type { SeenPart } from '../inference/types.ts';
import type { Assurance, Caution, CautionCode, Severity } from './types.ts';

const ORDER: readonly Severity[] = ['serious', 'caution', 'hint'];

type Judged = Pick<
  Assurance,
  'gate' | 'quality' | 'set' | 'stability' | 'why' | 'lungs' | 'assessment'
>;

export function cautionsOf(
  judged: Judged,
  contract: LungContract | null,
  seen: SeenPart,
): Caution[] {
  const list: Caution[] = judged.quality.map(({ code, severity }) => ({ code, severity }));
  const add = (code: CautionCode, severity: Severity): number => list.push({ code, severity });
  const inside = judged.why?.insideLungs[judged.assessment.top] ?? null;
  if (contract && inside !== null && inside < contract.limits.evidence) {
    add('evidence-outside-lungs', 'serious');
  }
  if (judged.lungs.state === 'not-found') add('no-lungs-found', 'serious');
  if (judged.stability.state === 'unstable') add('unstable', 'serious');
  if (seen.state === 'not-located') add('lungs-not-located', 'caution');
  if ((judged.set?.labels.length ?? 1) > 1) add('several-classes', 'caution');
  if (judged.lungs.state === 'failed') add('lungs-unavailable', 'hint');
  if (judged.gate.state === 'unchecked') add('gate-unchecked', 'hint');
  return list.sort((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity));
}
