/**
 * Where the network can be cut for training its end: the entry of a block, by the name the node has in
 * the graph (training/fieldray_training/graph.py writes them). Everything before it stays as delivered.
 */
export interface CutPoint {
  /** The first block that is trained. */
  readonly block: number;
  /** The node whose output goes into it: [side, side, depth]. */
  readonly entry: string;
  readonly side: number;
  readonly depth: number;
  /** Share of the work of the tail that begins at block 13, in multiplications. */
  readonly work: number;
}

/** Later blocks cost less and change less. */
export const CUT_POINTS: readonly CutPoint[] = [
  { block: 13, entry: 'b12.pw/add', side: 14, depth: 96, work: 1 },
  { block: 14, entry: 'b13.pw', side: 7, depth: 160, work: 0.83 },
  { block: 15, entry: 'b14.pw/add', side: 7, depth: 160, work: 0.66 },
  { block: 16, entry: 'b15.pw/add', side: 7, depth: 160, work: 0.48 },
];

/** @throws RangeError for a block that is no cut point */
export function cutPointOf(block: number): CutPoint {
  const found = CUT_POINTS.find((point) => point.block === block);
  if (!found) throw new RangeError(`The network cannot be cut before block ${block}.`);
  return found;
}

/** Numbers in one picture's activation at the cut. */
export function activationLength({ side, depth }: CutPoint): number {
  return side * side * depth;
}
