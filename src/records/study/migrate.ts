/** Studies of every version ever shipped, brought to today's. */
import * as v from 'valibot';
import { RecordTooNew, StudyInvalid } from '../errors.ts';
import { StudySchema, type KeptStudy } from './schema.ts';

/** From version n to n + 1. */
export type Step = (older: Record<string, unknown>) => Record<string, unknown>;

/** What the stored studies look like: the version, and how to come to it from version 1. */
export interface StudyFormat {
  readonly version: number;
  /** `steps[0]` leads from version 1 to 2, and so on: one fewer than versions. */
  readonly steps: readonly Step[];
}

export const FORMAT: StudyFormat = { version: 1, steps: [] };

/**
 * @param version of what is inside the seal
 * @throws RecordTooNew, StudyInvalid
 */
export function studyOf(stored: unknown, version: number, format: StudyFormat = FORMAT): KeptStudy {
  if (version > format.version) throw new RecordTooNew();
  let value = stored;
  for (const step of format.steps.slice(version - 1, format.version - 1)) {
    if (typeof value !== 'object' || value === null) break;
    value = step(value as Record<string, unknown>);
  }
  const parsed = v.safeParse(StudySchema, value);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw new StudyInvalid(`${v.getDotPath(issue) ?? 'study'}: ${issue.type}`);
}
