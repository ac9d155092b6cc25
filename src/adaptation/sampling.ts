/** Which pictures an epoch sees, and how much each class counts in the loss. */
import type { Random } from '../dataset/index.ts';

/** `as-found`: every picture once. `balanced`: every class as often, small ones repeated. */
export type Sampling = 'as-found' | 'balanced';

/**
 * Positions of one epoch's pictures, shuffled; as many as there are pictures, whichever way.
 * @param classOf class of each picture, 0, 1, …
 */
export function epochOrder(
  classOf: ArrayLike<number>,
  sampling: Sampling,
  random: Random,
): Uint32Array {
  const order = Uint32Array.from({ length: classOf.length }, (_, at) => at);
  if (sampling === 'as-found') return random.shuffle(order);
  const members = membersOf(classOf);
  let filled = 0;
  for (const [turn, list] of members.entries()) {
    const share = Math.round(((turn + 1) * classOf.length) / members.length) - filled;
    // Whole rounds through a shuffled class first: none comes twice before all have come once.
    for (let taken = 0; taken < share; taken++) {
      if (taken % list.length === 0) random.shuffle(list);
      order[filled++] = list[taken % list.length];
    }
  }
  return random.shuffle(order);
}

/**
 * Weights that make every class count alike: pictures ÷ (classes × pictures of the class), 1 on
 * average over the pictures. Empty classes get 0.
 */
export function balancedWeights(classOf: ArrayLike<number>, classes: number): Float64Array {
  const counts = new Float64Array(classes);
  for (let at = 0; at < classOf.length; at++) counts[classOf[at]]++;
  const present = counts.filter((count) => count > 0).length;
  return counts.map((count) => (count > 0 ? classOf.length / (present * count) : 0));
}

function membersOf(classOf: ArrayLike<number>): number[][] {
  const members = new Map<number, number[]>();
  for (let at = 0; at < classOf.length; at++) {
    const list = members.get(classOf[at]);
    if (list) list.push(at);
    else members.set(classOf[at], [at]);
  }
  return [...members.entries()].sort(([a], [b]) => a - b).map(([, list]) => list);
}
