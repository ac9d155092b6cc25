import { describe, expect, it } from 'vitest';
import {
  auditCsv,
  chain,
  checkChain,
  EMPTY_LOG,
  type AuditEntry,
  type AuditFact,
} from '../../src/records/audit/chain.ts';
import { passphraseStrength } from '../../src/records/crypto/strength.ts';
import { FORMAT, studyOf } from '../../src/records/study/migrate.ts';
import {
  checkWords,
  countingWords,
  labelText,
  leadingPicture,
  topLabel,
  withDiagnosis,
  withWord,
} from '../../src/records/study/words.ts';
import { picture, reading, study } from './support.ts';

const by = { reader: 'r1', initials: 'AD' };
const word = {
  at: 1,
  by,
  verdict: 'agree' as const,
  label: 'Lung_Opacity',
  text: '',
  seconds: 12,
  blind: false,
};

describe('a kept study', () => {
  it('is parsed, and what is no study is refused by the place that is wrong', () => {
    const kept = study();
    expect(studyOf(JSON.parse(JSON.stringify(kept)), 1)).toEqual(kept);
    for (const [value, place] of [
      [{ ...kept, studyDate: '30.11.2026' }, 'studyDate'],
      [
        { ...kept, pictures: [picture({ reading: reading({ probabilities: [0.5, 2] }) })] },
        'pictures.0.reading.probabilities.1',
      ],
      [
        { ...kept, pictures: [picture({ reading: reading({ probabilities: [0.5, 0.5] }) })] },
        'study',
      ],
      [null, 'study'],
    ] as const) {
      expect(() => studyOf(value, 1)).toThrow(place);
    }
  });

  it('comes to a newer form step by step, and a newer one is not guessed at', () => {
    const kept = study();
    const older = { ...kept, flags: undefined, marks: ['later'] };
    const format = {
      version: 3,
      steps: [
        (value: Record<string, unknown>) => ({ ...value, marks: undefined, tags: value.marks }),
        (value: Record<string, unknown>) => ({ ...value, flags: value.tags ?? value.flags }),
      ],
    };
    expect(studyOf(older, 1, format).flags).toEqual(['later']);
    expect(studyOf({ ...kept, tags: ['second'] }, 2, format).flags).toEqual(['second']);
    expect(() => studyOf(kept, FORMAT.version + 1)).toThrow('newer version');
  });

  it('keeps every word said; a later one of the same reader takes the place of the earlier', () => {
    const first = withWord(study(), word);
    const second = withWord(first, { ...word, by: { reader: 'r2', initials: 'BK' } });
    const amended = withWord(second, { ...word, at: 9, verdict: 'class', label: 'COVID' });
    expect(amended.words).toHaveLength(3);
    expect(amended.words[2].amends).toBe(first.words[0].id);
    expect(countingWords(amended).map(({ label }) => label)).toEqual(['Lung_Opacity', 'COVID']);
    expect(() => checkWords(second, amended)).not.toThrow();
    for (const forged of [
      { ...amended, words: amended.words.slice(1) },
      { ...amended, words: [{ ...amended.words[0], label: 'COVID' }, ...amended.words.slice(1)] },
      { ...amended, words: [...amended.words].reverse() },
    ]) {
      expect(() => checkWords(amended, forged)).toThrow('cannot be changed');
    }
    const diagnosis = { at: 2, by, method: 'pcr' as const, label: 'COVID', text: '' };
    const diagnosed = withDiagnosis(amended, diagnosis);
    expect(() => checkWords(diagnosed, { ...diagnosed, diagnoses: [] })).toThrow(
      'cannot be changed',
    );
  });

  it('is spoken for by its most serious picture, and named by what it has', () => {
    const refused = picture({ reading: reading({ refused: 'not-a-frontal-chest', triage: null }) });
    const quiet = picture({ reading: reading({ triage: 'not-flagged' }) });
    const serious = picture();
    const lateral = picture({ reading: null });
    expect(leadingPicture(study({ pictures: [lateral, refused, quiet, serious] }))).toBe(serious);
    expect(leadingPicture(study({ pictures: [lateral, refused] }))).toBe(refused);
    expect(leadingPicture(study({ pictures: [] }))).toBeNull();
    expect(topLabel(serious)).toBe('Lung_Opacity');
    expect(topLabel(refused)).toBeNull();
    const label = {
      name: '',
      number: '',
      running: 3,
      day: '2026-11-30',
      source: 'running' as const,
    };
    expect(labelText(label)).toBe('2026-11-30 #3');
    expect(labelText({ ...label, number: '4711', name: 'Amina' })).toBe('4711 Amina');
    expect(labelText({ ...label, running: null })).toBe('–');
  });
});

describe('the audit log', () => {
  const fact = (action: AuditFact['action'], at: number): AuditFact => ({
    at,
    reader: 'r1',
    initials: 'AD',
    action,
    study: 's1',
    detail: '',
  });
  const log = async (): Promise<AuditEntry[]> => {
    const first = await chain(EMPTY_LOG, [fact('set-up', 1), fact('unlocked', 2)]);
    const { n, hash } = first[1];
    return [...first, ...(await chain({ n, hash }, [fact('opened', 3), fact('exported', 4)]))];
  };
  const check = async (entries: (AuditEntry | null)[], head: { n: number; hash: string }) =>
    checkChain(new Map(entries.map((each, at) => [each?.n ?? at + 1, each])), head);

  it('is whole as it was written, and shows what was removed, changed, added or cut off', async () => {
    const entries = await log();
    const [one, two, three, four] = entries;
    const head = { n: four.n, hash: four.hash };
    expect(await check(entries, head)).toEqual({
      whole: true,
      entries: 4,
      missing: [],
      changed: [],
      added: [],
    });
    expect(await check([one, three, four], head)).toMatchObject({ whole: false, missing: [2] });
    expect(await check([one, two, three], head)).toMatchObject({ whole: false, missing: [4] });
    expect(await check([two, three, four], head)).toMatchObject({ whole: false, missing: [1] });
    expect(await check([one, two, { ...three, at: 99 }, four], head)).toMatchObject({
      changed: [3],
    });
    expect(await check([one, null, three, four], head)).toMatchObject({ changed: [2] });
    // Rewritten from the second on, each hash right in itself: the head does not fit.
    const forged = await chain({ n: 1, hash: one.hash }, [
      fact('opened', 2),
      fact('opened', 3),
      fact('opened', 4),
    ]);
    expect(await check([one, ...forged], head)).toMatchObject({ whole: false, changed: [4] });
    const other = await chain({ n: 4, hash: four.hash }, [fact('removed', 5)]);
    expect(await check([...entries, ...other], head)).toMatchObject({ whole: false, added: [5] });
    expect(await check([], EMPTY_LOG)).toMatchObject({ whole: true, entries: 0 });
  });

  it('is a table that a spreadsheet opens and does not run', async () => {
    const [entry] = await chain(EMPTY_LOG, [{ ...fact('opened', 0), detail: '=1+1' }]);
    const csv = auditCsv([entry]);
    expect(csv.split('\r\n')).toEqual([
      'number,time,reader,action,study,detail,hash',
      `1,1970-01-01T00:00:00.000Z,AD,opened,s1,'=1+1,${entry.hash}`,
      '',
    ]);
  });
});

describe('the strength of a passphrase', () => {
  it.each([
    ['short', 'too-short'],
    ['aaaaaaaaaaaaaaaa', 'weak'],
    ['1234567890', 'weak'],
    ['qwertyuiop', 'weak'],
    ['30.11.1978', 'weak'],
    ['password password', 'weak'],
    ['malaria clinic nairobi', 'fair'],
    ['correct horse battery staple', 'strong'],
    ['river lamp seven goats', 'strong'],
    ['नदी दीपक सात बकरी पेड़', 'strong'],
  ] as const)('%s: %s', (passphrase, strength) => {
    expect(passphraseStrength(passphrase)).toBe(strength);
  });
});
