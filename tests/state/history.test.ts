import { describe, expect, it } from 'vitest';
import { entryOf } from '../../src/records/store/entry.ts';
import { findStudies, searchable } from '../../src/records/store/search.ts';
import type { StudyPage, StudyQuery } from '../../src/records/types.ts';
import { History, PART } from '../../src/state/patients/history.ts';
import type { RecordsStore } from '../../src/state/patients/records-store.ts';
import { study } from '../records/support.ts';

const label = (number: number) => ({
  name: '',
  number: String(number),
  running: null,
  day: null,
  source: 'typed' as const,
});
const all = Array.from({ length: 1000 }, (_, n) =>
  searchable(entryOf(study({ id: `s${n}`, label: label(n), keptAt: n }), 1)),
);

class Worker {
  readonly asked: StudyQuery[] = [];
  readonly held: (() => void)[] = [];
  hold = false;
  fail = false;
  readonly records = {
    call: async (_: string, query: StudyQuery): Promise<StudyPage> => {
      this.asked.push(query);
      if (this.hold) await new Promise<void>((go) => this.held.push(go));
      if (this.fail) throw new Error('locked');
      return findStudies(all, query);
    },
  } as unknown as Pick<RecordsStore, 'call'>;
}

const soon = (): Promise<void> => new Promise((done) => setTimeout(done));

describe('the history', () => {
  it('fetches what comes into sight, each part once', async () => {
    const worker = new Worker();
    const history = new History(worker.records, () => undefined);
    await history.search({ sort: 'oldest' });
    expect(history.length).toBe(1000);
    expect(history.at(3)?.id).toBe('s3');
    expect(history.at(5 * PART)).toBeUndefined();
    expect(history.at(5 * PART + 1)).toBeUndefined();
    await soon();
    expect(history.at(5 * PART + 1)?.id).toBe(`s${5 * PART + 1}`);
    expect(worker.asked).toHaveLength(2);
    expect(history.indexOf(`s${5 * PART}`)).toBe(5 * PART);
  });

  it('does not listen to the answer of an earlier search', async () => {
    const worker = new Worker();
    const history = new History(worker.records, () => undefined);
    worker.hold = true;
    const first = history.search({ text: '999' });
    const second = history.search({ text: '12' });
    worker.held[1]?.();
    await second;
    const found = history.length;
    worker.held[0]?.();
    await first;
    expect(found).toBeGreaterThan(1);
    expect(history.length).toBe(found);
  });

  it('says when it cannot be had, and asks again', async () => {
    const worker = new Worker();
    const reasons: unknown[] = [];
    const history = new History(worker.records, (reason) => reasons.push(reason));
    worker.fail = true;
    await history.search({});
    expect(reasons).toHaveLength(1);
    worker.fail = false;
    await history.again();
    expect(history.state.value).toEqual({ found: 1000, kept: 1000 });
  });
});
