/** What part of the list is shown. */
import { flagsOf } from './flags.ts';
import type { Case } from './types.ts';

/** `all`, a class, or what came instead of one: `failed`, `waiting`. */
export type ClassFilter = string;

export interface ListFilter {
  readonly kind: ClassFilter;
  /** `all`, `any` (at least one flag), `none`, or a flag's code. */
  readonly flag: string;
}

export const NO_FILTER: ListFilter = { kind: 'all', flag: 'all' };

export interface FilterCounts {
  /** How many would be shown for each choice of `kind`; only those with any. */
  readonly kinds: ReadonlyMap<ClassFilter, number>;
  /** How many pictures have each flag. */
  readonly flags: ReadonlyMap<string, number>;
}

export function filterCases(cases: readonly Case[], filter: ListFilter): readonly Case[] {
  if (filter.kind === 'all' && filter.flag === 'all') return cases;
  return cases.filter(
    (entry) =>
      (filter.kind === 'all' || kindOf(entry) === filter.kind) && passes(entry, filter.flag),
  );
}

export function countFilters(cases: readonly Case[]): FilterCounts {
  const kinds = new Map<ClassFilter, number>();
  const flags = new Map<string, number>();
  for (const entry of cases) {
    const kind = kindOf(entry);
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    for (const flag of flagsOf(entry)) flags.set(flag, (flags.get(flag) ?? 0) + 1);
  }
  return { kinds, flags };
}

function kindOf(entry: Case): ClassFilter {
  switch (entry.state.phase) {
    case 'done':
      return entry.state.assurance.refusal ? 'failed' : entry.state.assessment.label;
    case 'failed':
      return 'failed';
    default:
      return 'waiting';
  }
}

function passes(entry: Case, flag: string): boolean {
  if (flag === 'all') return true;
  const flags = flagsOf(entry);
  if (flag === 'any') return flags.length > 0;
  if (flag === 'none') return entry.state.phase === 'done' && flags.length === 0;
  return flags.includes(flag);
}
