import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import {
  CSV_COLUMNS,
  deidentified,
  labelWords,
  reportCsv,
  reportedCase,
  reportFileName,
  reportJson,
} from '../../src/reports/index.ts';
import { ReportFileSchema } from '../../src/reports/tables/json.ts';
import { lighten } from '../../src/session/lighten.ts';
import { aCase, anAssurance } from '../screens/support/assurance.ts';
import { aReport, picture, reading, study, withReading, WORD } from './support.ts';
import { reportedStudy } from '../../src/reports/from-records.ts';

/** RFC 4180, by hand: an independent reader of what was written. */
function parse(csv: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  for (let at = 0; at < csv.length; at++) {
    const character = csv[at];
    if (quoted) {
      if (character !== '"') cell += character;
      else if (csv[at + 1] === '"') cell += csv[++at];
      else quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === ',') {
      row.push(cell);
      cell = '';
    } else if (character === '\r' && csv[at + 1] === '\n') {
      rows.push([...row, cell]);
      [row, cell] = [[], ''];
      at++;
    } else cell += character;
  }
  return rows;
}

function rowsOf(csv: string): Record<string, string>[] {
  const [head, ...rows] = parse(csv.replace(/^\ufeff/, ''));
  return rows.map((row) => Object.fromEntries(head.map((name, at) => [name, row[at]])));
}

describe('CSV', () => {
  it('begins with a byte order mark and the documented columns', () => {
    const csv = reportCsv([aReport()]);
    expect(csv.startsWith('\ufeffrow,site,study,patient,')).toBe(true);
    expect(csv.endsWith('\r\n')).toBe(true);
    expect(new Set(CSV_COLUMNS).size).toBe(CSV_COLUMNS.length);
    const documented = readFileSync('docs/exports.md', 'utf8')
      .split('## CSV')[1]
      .split('\n## ')[0]
      .matchAll(/^\| `([a-z_0-9]+)` +\|/gm);
    expect([...documented].map(([, name]) => name)).toEqual([...CSV_COLUMNS]);
  });

  it('has one row a picture with codes and figures', () => {
    const kept = study({ pictures: [picture(), picture({ reading: null, view: 'LL' })] });
    const rows = rowsOf(reportCsv([reportedStudy({ ...kept, words: [WORD] }, 'Kisumu')]));
    expect(rows).toHaveLength(2);
    expect(rows[0]).toMatchObject({
      row: '1',
      site: 'Kisumu',
      patient: 'Amina Diallo 4711',
      study_date: '2026-11-29',
      state: 'read',
      answer: 'Lung_Opacity',
      certainty: 'likely',
      reliable: '1',
      decision: 'refer',
      refer_for: 'Lung_Opacity',
      p_covid: '0.1',
      p_lung_opacity: '0.7',
      p_normal: '0.15',
      p_viral_pneumonia: '0.05',
      p_own: '',
      findings: 'blurred',
      photographed: '0',
      word: 'agree',
      word_class: 'Lung_Opacity',
      word_by: 'AB',
      word_on: '2026-11-30T09:00:00Z',
      word_blind: '1',
      model: 'fieldray',
    });
    expect(rows[1]).toMatchObject({ row: '2', state: 'waiting', answer: '', view: 'LL' });
  });

  it('names no class and no decision of a refused picture', () => {
    const refused = reading({ refused: 'not-a-frontal-chest' });
    const kept = reportedStudy(study({ pictures: [picture({ reading: refused })] }), '');
    expect(rowsOf(reportCsv([kept]))[0]).toMatchObject({
      state: 'refused',
      refused: 'not-a-frontal-chest',
      answer: '',
      certainty: '',
      reliable: '',
      decision: '',
      refer_for: '',
    });
  });

  it('tells classes of a site by their names', () => {
    const own = withReading({ labels: ['TB', 'Normal'], probabilities: [0.25, 0.75] });
    expect(rowsOf(reportCsv([own]))[0]).toMatchObject({ p_own: 'TB:0.25', p_normal: '0.75' });
  });

  it('gives a spreadsheet no formula, whatever a name is', () => {
    const hostile = fc
      .tuple(
        fc.constantFrom(
          '=',
          '+',
          '-',
          '@',
          '\t',
          '\r',
          '\n',
          '＝',
          '＋',
          '－',
          '＠',
          '',
          '"',
          ',',
          ';',
        ),
        fc.string({ unit: 'grapheme' }),
        fc.constantFrom('', '"', ';=cmd|"/c calc"!A0', ',=1+1', '\r\n=1+1', '\n@x', '\t=2'),
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(hostile, hostile, (name, file) => {
        const label = { name, number: '', running: null, day: null, source: 'typed' } as const;
        const kept = aReport({ label });
        const csv = reportCsv([{ ...kept, pictures: [{ ...kept.pictures[0], name: file }] }]);
        const rows = parse(csv.slice(1));
        expect(rows).toHaveLength(2);
        for (const cell of rows[1]) expect(cell).not.toMatch(/^[=+@\t\r\n＝＋－＠]|^-(?![\d.]+$)/);
        const row = rowsOf(csv)[0];
        expect([name.trim() === '' ? '' : name, `'${name}`]).toContain(row.patient);
        expect([file, `'${file}`]).toContain(row.picture);
        // Nothing outside of quotes tempts a reader with another separator.
        expect(csv.replaceAll(/"(?:[^"]|"")*"/g, '')).not.toMatch(/[;\t]/);
      }),
    );
  });
});

describe('JSON', () => {
  it('is read back by its schema, all of it', () => {
    const studies = [aReport(), withReading({ adjust: { rotate: 90 }, gate: null })];
    const about = {
      madeAt: Date.parse('2026-11-30T10:00:00Z'),
      appVersion: '0.1.0',
      identity: true,
    };
    const parsed = v.parse(ReportFileSchema, JSON.parse(reportJson(studies, about)));
    expect(parsed.studies).toEqual(studies);
    expect(parsed).toMatchObject({ schema: 'fieldray-report', version: 1, identity: true });
  });
});

describe('what a report knows of a picture of this sitting', () => {
  const shares = [0.05, 0.8, 0.1, 0.05];
  const decisions = [
    // The logits are single precision.
    {
      label: 'Lung_Opacity',
      state: 'refer',
      score: anAssurance(shares).uncorrected[1],
      low: 0.2,
      high: 0.6,
    },
  ] as const;
  const assurance = anAssurance(shares, {
    decisions,
    triage: 'refer',
    cautions: [{ code: 'rotated', severity: 'serious' }],
  });
  const context = { site: 'Kisumu', appVersion: '9.9.9' };

  it('is its answer, decision, findings and model', () => {
    const entry = { ...aCase(assurance, shares), readAt: 1_780_000_000_000 };
    const [only] = reportedCase(entry, context).pictures;
    expect(only).toMatchObject({ name: 'chest 7.png', failure: null });
    expect(only?.reading).toMatchObject({
      readAt: 1_780_000_000_000,
      top: 'Lung_Opacity',
      certainty: 'likely',
      unreliable: true,
      decision: 'refer',
      decisions,
      findings: [{ code: 'rotated', severity: 'serious' }],
      gate: { score: 2.71, limit: 0.42 },
      photographed: false,
      appVersion: '9.9.9',
    });
    expect(only?.reading?.sets.map(({ coverage }) => coverage)).toEqual([0.9, 0.95]);
  });

  it('is the same after its large numbers were let go of', () => {
    const entry = aCase(assurance, shares);
    if (entry.state.phase !== 'done') throw new Error('not read');
    const light = { ...entry, state: lighten(entry.state) };
    const [before, after] = [entry, light].map((each) => reportedCase(each, context));
    const timeless = (report: typeof before) => ({
      ...report.pictures[0].reading,
      milliseconds: 0,
    });
    expect(timeless(after)).toEqual(timeless(before));
  });

  it('gives no score where only the state was kept', () => {
    const priors = { ...assurance.priors, applied: true };
    const entry = aCase({ ...assurance, priors }, shares);
    if (entry.state.phase !== 'done') throw new Error('not read');
    const light = { ...entry, state: lighten(entry.state) };
    expect(reportedCase(light, context).pictures[0]?.reading?.decisions[0]?.score).toBeNull();
  });

  it('says how a picture could not be read', () => {
    const fault = { code: 'dicom-lateral', message: '', remedy: '' };
    const entry = { ...aCase(assurance, shares), state: { phase: 'failed', fault } as const };
    const [only] = reportedCase(entry, context).pictures;
    expect(only).toMatchObject({ reading: null, failure: 'dicom-lateral' });
  });
});

describe('without who the patient is', () => {
  it('nothing that a person wrote or a file is named is left', () => {
    const planted = ['Amina', 'Diallo', '4711', '2026-11-29', 'IM00001', 'left lower'];
    const report = aReport();
    for (const word of planted) expect(JSON.stringify(report)).toContain(word);
    const bare = deidentified(report, { identity: false });
    for (const word of planted) {
      expect(JSON.stringify(bare)).not.toContain(word);
      expect(reportCsv([bare])).not.toContain(word);
    }
    expect(deidentified(report, { identity: true })).toEqual(report);
  });

  it('a running number stays, without its day', () => {
    const label = {
      name: '',
      number: '',
      running: 7,
      day: '2026-11-30',
      source: 'running',
    } as const;
    const bare = deidentified(aReport({ label }), { identity: false });
    expect(labelWords(bare.label)).toBe('7');
    expect(bare.label?.day).toBeNull();
  });
});

describe('names of files', () => {
  it.each([
    [['Amina Diallo', '2026-11-30'], 'Amina Diallo 2026-11-30-x.png'],
    [['ward/3\\a:b*?"<>|', ''], 'ward_3_a_b_-x.png'],
    [['..hidden..'], 'hidden-x.png'],
    [['CON'], '_CON-x.png'],
    [['nul.txt'], '_nul.txt-x.png'],
    [['  \u202egnp\u0000  '], 'gnp-x.png'],
    [['أمينة ديالو'], 'أمينة ديالو-x.png'],
    [['', ' '], 'report-x.png'],
  ])('%j', (parts, name) => {
    expect(reportFileName(parts, '-x.png')).toBe(name);
  });

  it('are names on every system', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { maxLength: 3 }), (parts) => {
        const name = reportFileName(parts, '-fieldray.csv');
        expect(name).not.toMatch(/[\\/:*?"<>|\p{Cc}]|^[.\s]|[.\s]$/u);
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(140);
        expect(name).toMatch(/.-fieldray\.csv$/);
      }),
    );
  });
});
