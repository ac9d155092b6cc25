import { describe, expect, it } from 'vitest';
import { Fault } from '../../src/base/fault.ts';
import { parseManifest } from '../../src/model/index.ts';
import { fixtureModel } from './support/fixture-model.ts';

const { manifest } = await fixtureModel();
const file = manifest.files[0];

function refusal(json: unknown): Fault | null {
  try {
    parseManifest(json);
    return null;
  } catch (error) {
    expect(error).toBeInstanceOf(Fault);
    return error as Fault;
  }
}

function withFile(changed: Record<string, unknown>): unknown {
  return { ...manifest, files: [...manifest.files, { ...file, path: 'x.bin', ...changed }] };
}

describe('the manifest', () => {
  it('is taken as training writes it, without what this app does not know', () => {
    expect(parseManifest({ ...manifest, novelty: 1 })).toEqual(manifest);
    expect(parseManifest({ ...manifest, version: '0.9.0' }).version).toBe('0.9.0');
  });

  it.each([
    '../secret',
    '/etc/passwd',
    'a/../../b',
    'a//b',
    './a',
    '.hidden',
    'https://elsewhere.example/x.bin',
    '//elsewhere.example/x.bin',
    'a\\b',
    'a%2e%2e/b',
    'a?b',
    'a b',
    '',
    'x'.repeat(201),
  ])('may not name the path %j', (path) => {
    expect(refusal(withFile({ path }))?.code).toBe('manifest-unusable');
  });

  it.each([
    ['a negative size', withFile({ bytes: -1 })],
    ['an empty file', withFile({ bytes: 0 })],
    ['half a byte', withFile({ bytes: 1.5 })],
    ['a file too large for a tablet', withFile({ bytes: 1e9 })],
    ['a size that is text', withFile({ bytes: '12' })],
    ['a short hash', withFile({ sha256: 'abc' })],
    ['an upper-case hash', withFile({ sha256: file.sha256.toUpperCase().replace(/\d/g, 'A') })],
    ['a file twice', withFile({ path: file.path })],
    ['no files', { ...manifest, files: [] }],
    ['a graph that is not among the files', { ...manifest, graph: 'other.json' }],
    ['unknown labels', { ...manifest, labels: ['COVID', 'Cat', 'Normal', 'Viral Pneumonia'] }],
    [
      'labels in another order',
      { ...manifest, labels: ['Normal', 'COVID', 'Lung_Opacity', 'Viral Pneumonia'] },
    ],
    ['another input', { ...manifest, input: { ...manifest.input, shape: [1, 224, 224, 3] } }],
    ['no golden answer', { ...manifest, golden: [] }],
    ['a golden answer that is none', { ...manifest, golden: [{ input: 'phantom', variant: 0 }] }],
    ['a tolerance that tolerates all', { ...manifest, tolerance: 1e9 }],
    ['a temperature of 0', { ...manifest, temperature: 0 }],
    ['a version that is none', { ...manifest, version: 'latest' }],
    ['an id with a slash', { ...manifest, id: 'a/b' }],
    ['nothing', null],
    ['a list', []],
  ])('is refused with %s', (_, json) => {
    const fault = refusal(json);
    expect(fault?.code).toBe('manifest-unusable');
    expect(fault?.message).toContain('manifest.json');
  });

  it('of a newer contract asks for a newer app, whatever else is in it', () => {
    expect(refusal({ ...manifest, version: '3.0.0' })?.code).toBe('model-too-new');
    expect(refusal({ schema: 2, version: '1.0.0', everything: 'else' })?.code).toBe(
      'model-too-new',
    );
  });
});
