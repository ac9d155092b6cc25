import { afterEach, describe, expect, it } from 'vitest';
import { KeptStudies } from '../../src/records/index.ts';
import { RecordsDesk } from '../../src/records/desk.ts';
import type { RecordsNews } from '../../src/records/types.ts';
import { DEFAULT_RECORDS_SETTINGS } from '../../src/records/vault/schema.ts';
import { LABELS, LIGHT, picture, study } from './support.ts';

const PASSPHRASE = 'correct horse battery';
const FIRST = { name: 'Dr. Ada', initials: 'AD', passphrase: PASSPHRASE };
const SETTINGS = { ...DEFAULT_RECORDS_SETTINGS, autoLockMinutes: 10 };
const word = {
  verdict: 'class',
  label: 'COVID',
  text: 'ground glass',
  seconds: 30,
  blind: true,
} as const;

const desks: RecordsDesk[] = [];
afterEach(() => {
  for (const desk of desks.splice(0)) desk.dispose();
});

describe('the records worker', () => {
  it('does a day of work, and without it or its passphrase nothing is to be had', async () => {
    const kept = new KeptStudies();
    await kept.call('erase');
    expect(await kept.call('state')).toEqual({ phase: 'off' });
    const news: RecordsNews[] = [];
    const stop = kept.listen((each) => news.push(each));

    const recoveryKey = await kept.call('setUp', FIRST, SETTINGS);
    expect(recoveryKey).toMatch(/^(\w{4}-){7}\w{4}$/);
    const shown = picture();
    const amina = await kept.call('keep', study({ pictures: [shown] }), [
      {
        picture: shown.id,
        kind: 'reading-copy',
        bytes: new Blob(['pixels'], { type: 'image/png' }),
      },
    ]);
    const said = await kept.call('say', amina.id, word);
    expect(said.words).toMatchObject([{ by: { initials: 'AD' }, label: 'COVID', blind: true }]);
    await kept.call('diagnose', amina.id, { method: 'pcr', label: 'COVID', text: '' });
    await kept.call('label', amina.id, { flags: ['follow up'] });
    expect(await kept.call('list', { text: 'amina', flag: 'follow up' })).toMatchObject({
      found: 1,
      entries: [{ word: { label: 'COVID' }, diagnosis: { method: 'pcr' } }],
    });
    expect(await (await kept.call('file', amina.id, shown.id))!.text()).toBe('pixels');
    expect(await kept.call('performance', LABELS, 'diagnoses')).toMatchObject({
      compared: 1,
      enough: false,
    });
    expect(await kept.call('drift', {})).toMatchObject({ enough: false });
    expect(await kept.call('status')).toMatchObject({ studies: 1, bytes: { copies: 6 } });

    await kept.call('lock');
    for (const call of [
      () => kept.call('list', {}),
      () => kept.call('open', amina.id),
      () => kept.call('auditCsv'),
      () => kept.call('removeReader', 'any'),
    ]) {
      await expect(call()).rejects.toMatchObject({ code: 'records-locked' });
    }
    const state = await kept.call('state');
    if (state.phase === 'off') throw new Error('it was set up');
    expect(state).toMatchObject({ phase: 'locked', readers: [{ name: 'Dr. Ada' }], wait: 0 });
    const reader = state.readers[0].id;
    await expect(
      kept.call('unlock', { kind: 'passphrase', reader, passphrase: 'wrong passphrase' }),
    ).rejects.toMatchObject({ code: 'wrong-passphrase' });

    // The worker ends: the key is gone with it.
    kept.dispose();
    await expect(kept.call('list', {})).rejects.toMatchObject({ code: 'records-locked' });
    await kept.call('unlock', { kind: 'passphrase', reader, passphrase: PASSPHRASE });
    expect(await kept.call('list', {})).toMatchObject({ found: 1 });
    expect((await kept.call('auditCsv')).split('\r\n').map((line) => line.split(',')[3])).toEqual([
      'action',
      'set-up',
      'kept',
      'amended',
      'diagnosed',
      'labelled',
      'locked',
      'unlock-failed',
      'unlocked',
      'exported',
      undefined,
    ]);
    expect(await kept.call('checkAudit')).toMatchObject({ whole: true });
    await kept.call('erase');
    expect(await kept.call('state')).toEqual({ phase: 'off' });
    expect(new Set(news)).toEqual(new Set(['unlocked', 'changed', 'locked', 'erased']));
    stop();
    kept.dispose();
  });
});

describe('the desk', () => {
  const deskOf = (name: string, now: () => number): RecordsDesk => {
    const desk = new RecordsDesk({ name, now, cost: LIGHT });
    desks.push(desk);
    return desk;
  };

  it('locks itself after its minutes without a touch', async () => {
    let now = Date.parse('2026-11-30T08:00:00Z');
    const desk = deskOf(`desk-${crypto.randomUUID()}`, () => now);
    await desk.setUp(FIRST, SETTINGS);
    now += 9 * 60_000;
    desk.touch();
    now += 9 * 60_000;
    expect(desk.list({}).found).toBe(0);
    now += 60_000;
    expect(() => desk.list({})).toThrow('locked');
    expect(await desk.state()).toMatchObject({ phase: 'locked', reader: null });
    // A touch does not bring it back.
    desk.touch();
    expect(() => desk.status()).toThrow('locked');
    await desk.erase();
  });

  it('of another tab sees what is kept, and loses its key when everything is erased', async () => {
    const now = (): number => Date.parse('2026-11-30T08:00:00Z');
    const name = `desk-${crypto.randomUUID()}`;
    const [one, two] = [deskOf(name, now), deskOf(name, now)];
    await one.setUp(FIRST, SETTINGS);
    const state = await one.state();
    if (state.phase === 'off') throw new Error('it was set up');
    await two.unlock({ kind: 'passphrase', reader: state.readers[0].id, passphrase: PASSPHRASE });
    await one.keep(study(), []);
    await expect.poll(() => two.list({}).found).toBe(1);
    await one.erase();
    await expect.poll(async () => (await two.state()).phase).toBe('off');
    expect(() => two.list({})).toThrow('locked');
  });
});
