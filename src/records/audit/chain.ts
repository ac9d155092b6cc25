/**
 * The audit log: who did what, when. Each entry carries the hash of the one before it, and the last
 * one's hash and number are kept sealed apart (the head), so that a removed, changed, added or cut off
 * entry is found. It cannot be told that the whole database was put back to an earlier state.
 */
import * as v from 'valibot';
import { csvOf } from '../../base/csv.ts';

export const AUDIT_ACTIONS = [
  'set-up',
  'unlocked',
  'unlock-failed',
  'locked',
  'opened',
  'kept',
  'amended',
  'diagnosed',
  'labelled',
  'removed',
  'expired',
  'exported',
  'backed-up',
  'restored',
  'reader-added',
  'reader-removed',
  'settings-changed',
  'repaired',
  'log-checked',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

export const AuditEntrySchema = v.object({
  /** 1, 2, 3 … without a gap. */
  n: v.pipe(v.number(), v.integer(), v.minValue(1)),
  at: v.pipe(v.number(), v.finite()),
  /** The reader's id and initials; empty for what the app did by itself. */
  reader: v.pipe(v.string(), v.maxLength(64)),
  initials: v.pipe(v.string(), v.maxLength(300)),
  action: v.picklist(AUDIT_ACTIONS),
  /** The study's id, or empty. */
  study: v.pipe(v.string(), v.maxLength(64)),
  /** A code or a count; no sentence, no patient's name. */
  detail: v.pipe(v.string(), v.maxLength(1000)),
  previous: v.string(),
  hash: v.string(),
});
export type AuditEntry = v.InferOutput<typeof AuditEntrySchema>;
export type AuditFact = Pick<
  AuditEntry,
  'at' | 'reader' | 'initials' | 'action' | 'study' | 'detail'
>;

export const AuditHeadSchema = v.object({ n: v.number(), hash: v.string() });
export type AuditHead = v.InferOutput<typeof AuditHeadSchema>;
export const EMPTY_LOG: AuditHead = { n: 0, hash: '' };

/** The next entries after `head`. */
export async function chain(head: AuditHead, facts: readonly AuditFact[]): Promise<AuditEntry[]> {
  const entries: AuditEntry[] = [];
  let last = head;
  for (const { at, reader, initials, action, study, detail } of facts) {
    const open = {
      n: last.n + 1,
      at,
      reader,
      initials,
      action,
      study,
      detail,
      previous: last.hash,
    };
    last = { n: open.n, hash: await hashOf(open) };
    entries.push({ ...open, hash: last.hash });
  }
  return entries;
}

export interface AuditCheck {
  readonly whole: boolean;
  readonly entries: number;
  /** Numbers of entries that are not there, cut off ones included. */
  readonly missing: readonly number[];
  /** Numbers of entries that are not what they were when written, or cannot be opened. */
  readonly changed: readonly number[];
  /** Numbers of entries that the head knows nothing of. */
  readonly added: readonly number[];
}

/**
 * @param entries in any order; null for one that does not open, by its number
 */
export async function checkChain(
  entries: ReadonlyMap<number, AuditEntry | null>,
  head: AuditHead,
): Promise<AuditCheck> {
  const missing: number[] = [];
  const changed: number[] = [];
  let before: AuditEntry | null = null;
  for (let n = 1; n <= head.n; n++) {
    const entry = entries.get(n);
    if (entry === undefined) missing.push(n);
    else if (entry === null || !(await fits(entry, n, before, n === head.n ? head.hash : null))) {
      changed.push(n);
    }
    // After a gap only the entry's own hash can be checked.
    before = entry ?? null;
    if (n === 1 && entry && entry.previous !== '' && !changed.includes(1)) changed.push(1);
  }
  const added = [...entries.keys()].filter((n) => n < 1 || n > head.n);
  const whole = missing.length + changed.length + added.length === 0;
  return { whole, entries: entries.size, missing, changed, added };
}

async function fits(
  entry: AuditEntry,
  n: number,
  before: AuditEntry | null,
  last: string | null,
): Promise<boolean> {
  const { hash, ...open } = entry;
  if (entry.n !== n || (before && entry.previous !== before.hash)) return false;
  return (last === null || hash === last) && hash === (await hashOf(open));
}

const COLUMNS = ['number', 'time', 'reader', 'action', 'study', 'detail', 'hash'] as const;

/** Stable column names (docs/exports.md); times in ISO 8601, UTC. */
export function auditCsv(entries: readonly AuditEntry[]): string {
  return csvOf(
    COLUMNS,
    entries.map((each) => [
      each.n,
      new Date(each.at).toISOString(),
      each.initials,
      each.action,
      each.study,
      each.detail,
      each.hash,
    ]),
  );
}

async function hashOf(entry: Omit<AuditEntry, 'hash'>): Promise<string> {
  const { n, at, reader, initials, action, study, detail, previous } = entry;
  const text = JSON.stringify([n, at, reader, initials, action, study, detail, previous]);
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
