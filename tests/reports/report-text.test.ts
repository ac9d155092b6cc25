import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import { deidentified, parseReportText, qrModules, reportText } from '../../src/reports/index.ts';
import { aReport, withReading } from './support.ts';

describe('the text of the code', () => {
  it('is short lines that a person reads, and another Fieldray', () => {
    const text = reportText(aReport({ id: '5f1c9a3e-0000-4000-8000-000000000000' }));
    expect(text.split('\n')).toEqual([
      'FIELDRAY 1',
      'report: 5f1c9a3e',
      'site: Kisumu',
      'read: 2026-05-28T20:26Z',
      'answer: Lung_Opacity',
      'sure: likely',
      'decision: refer',
      'p: COVID=0.100; Lung_Opacity=0.700; Normal=0.150; Viral Pneumonia=0.050',
      'findings: blurred',
      'word: agree Lung_Opacity AB',
      'model: fieldray 1.0.0',
      'app: 0.2.0',
      'patient: Amina Diallo 4711',
    ]);
    expect(parseReportText(text)).toEqual({
      report: '5f1c9a3e',
      site: 'Kisumu',
      read: Date.parse('2026-05-28T20:26Z'),
      answer: 'Lung_Opacity',
      sure: 'likely',
      decision: 'refer',
      p: { COVID: 0.1, Lung_Opacity: 0.7, Normal: 0.15, 'Viral Pneumonia': 0.05 },
      findings: ['blurred'],
      word: 'agree Lung_Opacity AB',
      model: 'fieldray 1.0.0',
      app: '0.2.0',
      patient: 'Amina Diallo 4711',
    });
  });

  it('has no name unless asked, no figure of a film, and no answer of a refusal', () => {
    const bare = reportText(deidentified(aReport(), { identity: false }));
    expect(bare).not.toMatch(/Amina|4711|patient/);
    expect(reportText(withReading({ photographed: true }))).not.toMatch(/^p:/m);
    const refused = withReading({
      refused: 'blank-picture',
      top: null,
      certainty: null,
      decision: null,
    });
    expect(parseReportText(reportText(refused))).toMatchObject({
      answer: 'refused blank-picture',
      sure: null,
      decision: null,
      p: {},
    });
    expect(parseReportText(reportText(withReading({ unreliable: true }))).sure).toBe('unreliable');
  });

  it.each([
    '',
    'https://example.org',
    'FIELDRAY',
    'FIELDRAY 1',
    'FIELDRAY 1\nsure: clear',
    'fieldray 1\nanswer: x',
  ])('is not %j', (text) => {
    expect(() => parseReportText(text)).toThrow(
      expect.objectContaining({ code: 'report-text-invalid' }),
    );
  });

  it.each([
    'answer: x\nsure: very',
    'answer: x\nread: yesterday',
    'answer: x\nread: 2026-13-45T99:99Z',
    'answer: x\np: COVID=1.5',
    'answer: x\np: COVID=none',
  ])('is refused with %j', (lines) => {
    expect(() => parseReportText(`FIELDRAY 1\n${lines}`)).toThrow(
      expect.objectContaining({ code: 'report-text-invalid' }),
    );
  });

  it('of a later version is told apart; a line that is not known is passed over', () => {
    expect(() => parseReportText('FIELDRAY 2\nanswer: x')).toThrow(
      expect.objectContaining({ code: 'report-text-too-new' }),
    );
    expect(parseReportText('FIELDRAY 1\r\nanswer: Normal\r\ncolor: blue').answer).toBe('Normal');
  });

  it('holds its lines whatever stands in a name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), (site, name) => {
        const label = { name, number: '', running: null, day: null, source: 'typed' } as const;
        const parsed = parseReportText(reportText(aReport({ site, label })));
        expect(parsed).toMatchObject({ answer: 'Lung_Opacity', decision: 'refer' });
      }),
    );
  });
});

describe('the code on paper', () => {
  beforeAll(async () => {
    const wasm = await readFile('node_modules/zxing-wasm/dist/reader/zxing_reader.wasm');
    await prepareZXingModule({
      overrides: {
        wasmBinary: wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.length),
      },
      fireImmediately: true,
    });
  });

  it.each(['Kisumu', 'مستشفى كيسومو', 'किसुमु अस्पताल'])(
    'of %s is read by another program',
    async (site) => {
      const text = reportText(aReport({ site }));
      const modules = qrModules(text);
      const [scale, quiet] = [4, 4];
      const side = (modules.length + 2 * quiet) * scale;
      const data = new Uint8ClampedArray(4 * side * side).fill(255);
      for (let y = 0; y < side; y++) {
        for (let x = 0; x < side; x++) {
          const dark = modules[Math.floor(y / scale) - quiet]?.[Math.floor(x / scale) - quiet];
          if (dark) data.fill(0, 4 * (y * side + x), 4 * (y * side + x) + 3);
        }
      }
      const [found] = await readBarcodes(
        { data, width: side, height: side, colorSpace: 'srgb' },
        {
          formats: ['QRCode'],
        },
      );
      expect(found?.text).toBe(text);
      expect(parseReportText(found?.text ?? '').site).toBe(site);
    },
  );
});
