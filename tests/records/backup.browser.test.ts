import { afterEach, expect, it } from 'vitest';
import { KeptStudies } from '../../src/records/index.ts';
import { DEFAULT_RECORDS_SETTINGS } from '../../src/records/vault/schema.ts';
import { picture, study } from './support.ts';

const PASSPHRASE = 'river lamp seven goats';
const FIRST = { name: 'Dr. Ada', initials: 'AD', passphrase: PASSPHRASE };
let kept: KeptStudies;

afterEach(async () => {
  await kept.call('erase');
  await kept.call('removeBackup');
  kept.dispose();
});

it('a device that lost everything gets it back from its backup, files and words too', async () => {
  kept = new KeptStudies();
  await kept.call('erase');
  await kept.call('setUp', FIRST, DEFAULT_RECORDS_SETTINGS);
  const shown = picture();
  const amina = await kept.call('keep', study({ pictures: [shown] }), [
    { picture: shown.id, kind: 'reading-copy', bytes: new Blob(['pixels']) },
  ]);
  const word = { verdict: 'other', label: null, text: 'rib', seconds: 3, blind: false } as const;
  await kept.call('say', amina.id, word);
  expect(await kept.call('backUp')).toEqual({ named: 1, whole: 1, missing: [] });
  const file = await kept.call('backupFile');
  const text = await file.text();
  expect(text.startsWith('FIELDRAY-BACKUP1')).toBe(true);
  expect(text).not.toContain('Amina');
  const stick = new Blob([await file.arrayBuffer()]);

  await kept.call('erase');
  await kept.call(
    'setUp',
    { ...FIRST, passphrase: 'other words on this tablet' },
    DEFAULT_RECORDS_SETTINGS,
  );
  await expect(
    kept.call('restore', stick, { kind: 'passphrase', passphrase: 'not the one of then' }),
  ).rejects.toMatchObject({ code: 'wrong-passphrase' });
  const report = await kept.call('restore', stick, { kind: 'passphrase', passphrase: PASSPHRASE });
  expect(report).toEqual({ named: 1, whole: 1, missing: [] });
  const back = await kept.call('open', amina.id);
  expect(back.words.map(({ text }) => text)).toEqual(['rib']);
  expect(await (await kept.call('file', amina.id, shown.id))?.text()).toBe('pixels');
  // Once more changes nothing.
  await kept.call('restore', stick, { kind: 'passphrase', passphrase: PASSPHRASE });
  expect((await kept.call('list', {})).kept).toBe(1);
}, 120_000);
