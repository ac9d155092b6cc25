import { describe, expect, it } from 'vitest';
import {
  mergeOf,
  openBackup,
  otherVersion,
  readBackup,
  verifyBackup,
  writeBackup,
  type BackupParts,
  type BackupStudy,
  type BackupTarget,
} from '../../src/records/backup/backup.ts';
import { makeDataKey, makeLock } from '../../src/records/crypto/key-wrap.ts';
import { makeRecoveryKey, parseRecoveryKey } from '../../src/records/crypto/recovery-key.ts';
import type { Bytes } from '../../src/records/crypto/sealed.ts';
import { labelText } from '../../src/records/study/words.ts';
import { LIGHT, picture, study } from './support.ts';

class Stick implements BackupTarget {
  bytes: Bytes = new Uint8Array(0);
  /** Pulled out once this many bytes are on it. */
  room = Number.POSITIVE_INFINITY;
  size = async () => this.bytes.length;
  read = async (from: number, to: number) => this.bytes.slice(from, to);
  truncate = async (size: number) => void (this.bytes = this.bytes.slice(0, size));
  append = async (more: Bytes) => {
    const fits = more.slice(0, Math.max(0, this.room - this.bytes.length));
    this.bytes = Uint8Array.from([...this.bytes, ...fits]);
    if (fits.length < more.length) throw new Error('pulled out');
  };
}

const passphrase = { kind: 'passphrase', passphrase: 'correct horse battery' } as const;

async function site(count = 6) {
  const key = await makeDataKey();
  const recovery = { kind: 'recovery', bytes: parseRecoveryKey(makeRecoveryKey()) } as const;
  const studies = Array.from({ length: count }, (_, n): BackupStudy => {
    const shown = picture();
    return {
      study: study({
        label: { ...study().label, name: `Patient ${n}`, number: `${n}` },
        pictures: [shown],
      }),
      files: [
        {
          picture: shown.id,
          kind: 'reading-copy',
          bytes: new Blob([new Uint8Array(500).fill(n)], { type: 'image/png' }),
        },
      ],
    };
  });
  const parts: BackupParts = {
    vault: 'vault',
    locks: [
      await makeLock(key, 'vault', passphrase, { cost: LIGHT }),
      await makeLock(key, 'vault', recovery, { cost: LIGHT }),
    ],
    key,
    contents: studies.map((each) => ({ id: each.study.id, label: labelText(each.study.label) })),
    read: async (id) => studies.find((each) => each.study.id === id) ?? null,
  };
  return { key, recovery, studies, parts };
}

async function restored(stick: Stick, key: CryptoKey) {
  const taken: BackupStudy[] = [];
  const report = await readBackup(stick, key, async (each) => void taken.push(each));
  return { taken, report };
}

describe('a backup', () => {
  it('is verified, tells nothing, and comes back by passphrase or recovery key', async () => {
    const { recovery, studies, parts } = await site();
    const stick = new Stick();
    expect(await writeBackup(parts, stick)).toEqual({ named: 6, whole: 6, missing: [] });
    expect(Buffer.from(stick.bytes).toString('latin1')).not.toContain('Patient');
    for (const secret of [passphrase, recovery]) {
      const { taken, report } = await restored(stick, await openBackup(stick, secret));
      expect(report.missing).toEqual([]);
      expect(taken.map((each) => each.study)).toEqual(studies.map((each) => each.study));
      const bytes = new Uint8Array(await taken[3].files[0].bytes.arrayBuffer());
      expect([bytes.length, bytes[0], taken[3].files[0].bytes.type]).toEqual([500, 3, 'image/png']);
    }
    await expect(
      openBackup(stick, { kind: 'passphrase', passphrase: 'another passphrase' }),
    ).rejects.toMatchObject({ code: 'wrong-passphrase' });
  });

  it('goes on where it was cut off, wherever that was', async () => {
    const { parts, key } = await site();
    const whole = new Stick();
    await writeBackup(parts, whole);
    for (let room = 1; room < whole.bytes.length; room += 487) {
      const stick = new Stick();
      stick.room = room;
      await expect(writeBackup(parts, stick)).rejects.toMatchObject({ code: 'backup-not-written' });
      stick.room = Number.POSITIVE_INFINITY;
      let written = 0;
      const read: BackupParts['read'] = (id) => {
        written += 1;
        return parts.read(id);
      };
      expect(await writeBackup({ ...parts, read }, stick)).toMatchObject({ whole: 6, missing: [] });
      if (room > whole.bytes.length * 0.8) expect(written).toBeLessThan(3);
      expect(stick.bytes.length).toBe(whole.bytes.length);
    }
    const other = { ...parts, vault: 'another' };
    await expect(writeBackup(other, whole)).rejects.toMatchObject({ code: 'backup-of-others' });
    expect((await verifyBackup(whole, key)).whole).toBe(6);
  });

  it('that is cut or changed gives what is whole and names what is not', async () => {
    const { parts, key } = await site();
    const stick = new Stick();
    await writeBackup(parts, stick);
    const good = stick.bytes;
    stick.bytes = good.slice(0, good.length - 100);
    expect(await verifyBackup(stick, key)).toEqual({
      named: 6,
      whole: 5,
      missing: ['5 Patient 5'],
    });
    // Every place of the frames: at most the one study that it hits is lost.
    const head = new DataView(good.buffer).getUint32(16) + 20;
    const seen = new Set<string>();
    for (let at = head; at < good.length; at += 61) {
      stick.bytes = good.slice();
      stick.bytes[at] ^= 1;
      const { taken, report } = await restored(stick, key);
      expect(taken.length).toBeGreaterThanOrEqual(5);
      expect(report.missing.length).toBe(report.named - report.whole);
      for (const name of report.missing) seen.add(name);
    }
    expect(seen.size).toBe(6);
    for (const bytes of [
      new Uint8Array(0),
      new Uint8Array(5000),
      good.slice(1),
      good.slice(0, 40),
    ]) {
      stick.bytes = bytes;
      await expect(verifyBackup(stick, key)).rejects.toMatchObject({ code: 'backup-unreadable' });
    }
  });

  it('merges by descent, and keeps both where two tablets went on apart', () => {
    const first = study();
    const later = { ...first, revision: 'later', ancestors: [first.revision] };
    const apart = { ...first, revision: 'apart', ancestors: [first.revision] };
    expect(mergeOf(null, first)).toBe('add');
    expect(mergeOf(first, first)).toBe('skip');
    expect(mergeOf(later, first)).toBe('skip');
    expect(mergeOf(first, later)).toBe('replace');
    expect(mergeOf(later, apart)).toBe('keep-both');
    const beside = otherVersion(apart);
    expect(beside.id).not.toBe(apart.id);
    expect(beside.otherVersionOf).toBe(apart.id);
  });
});
