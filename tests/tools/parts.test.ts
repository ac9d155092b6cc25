/** What ships is listed with its license; what is installed runs no script of its own. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  COMPILED_IN,
  componentsOf,
  noticesOf,
  packageFolderOf,
  readPart,
  type Part,
} from '../../tools/vite/parts.ts';

const root = path.resolve(import.meta.dirname, '../..');
let folder: string;

beforeAll(async () => {
  folder = path.join(
    await mkdtemp(path.join(os.tmpdir(), 'fieldray-parts-')),
    'node_modules/@made/part',
  );
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'LICENSE.md'), 'May be used.\r\n');
});
afterAll(() => rm(path.resolve(folder, '../../..'), { recursive: true, force: true }));

const write = (facts: object) =>
  writeFile(path.join(folder, 'package.json'), JSON.stringify(facts));

describe('a part', () => {
  it('is the package that a module lies in, scoped and nested ones too', () => {
    expect(packageFolderOf('/a/node_modules/lit/index.js')).toBe('/a/node_modules/lit');
    expect(packageFolderOf('/a/node_modules/@x/y/lib/z.wasm?url')).toBe('/a/node_modules/@x/y');
    expect(packageFolderOf('/a/node_modules/p/node_modules/q/q.js')).toBe(
      '/a/node_modules/p/node_modules/q',
    );
    expect(packageFolderOf('\0/a/node_modules/cjs/x.js?commonjs-module')).toBe(
      '/a/node_modules/cjs',
    );
    expect(packageFolderOf('/a/src/main.ts')).toBeNull();
  });

  it('brings its license text, author and hash', async () => {
    await write({ name: '@made/part', version: '1.2.3', license: 'MIT', author: { name: 'Ann' } });
    expect(readPart(folder, { 'node_modules/@made/part': 'sha512-AAEC' })).toEqual({
      name: '@made/part',
      version: '1.2.3',
      license: 'MIT',
      author: 'Ann',
      text: 'May be used.',
      integrity: 'sha512-AAEC',
    });
  });

  it('stops the build where it names no license', async () => {
    await write({ name: '@made/part', version: '1.2.3' });
    expect(() => readPart(folder)).toThrow('@made/part names no license');
  });
});

const part = (over: Partial<Part>): Part => ({
  name: 'one',
  version: '1.0.0',
  license: 'MIT',
  text: null,
  author: null,
  integrity: null,
  ...over,
});

describe('the notices', () => {
  it('say each text once, with every part it is for', () => {
    const text = noticesOf(
      [
        part({ text: 'Same words.' }),
        part({ name: 'two', text: 'Same words.', author: 'Bo' }),
        part({ name: 'three', license: 'Apache-2.0' }),
        part({ name: 'four', license: 'ISC' }),
      ],
      'The Apache text.',
    );
    expect(text.split('Same words.')).toHaveLength(2);
    expect(text).toContain('one 1.0.0 (MIT)\ntwo 1.0.0 (MIT), by Bo\n\nSame words.');
    expect(text).toContain('three 1.0.0 (Apache-2.0)\n\nThe Apache text.');
    expect(text).toContain('four 1.0.0 (ISC)\n\nLicense: ISC (https://spdx.org/licenses/ISC.html)');
  });

  it('name what is compiled into a package, and no package that is gone', async () => {
    const lock = JSON.parse(await readFile(path.join(root, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, unknown>;
    };
    for (const [name, library] of Object.entries(COMPILED_IN)) {
      expect(lock.packages).toHaveProperty([`node_modules/${name}`]);
      expect(noticesOf([part({ name })], '')).toContain(library);
    }
  });
});

describe('the list for programs', () => {
  it('has a purl, the license and the hash of each part', () => {
    const list = JSON.parse(
      componentsOf({ name: 'app', version: '2.0.0' }, [
        part({ name: '@x/y', integrity: 'sha512-AAEC' }),
        part({ license: '(MIT OR Apache-2.0)' }),
      ]),
    ) as { components: unknown[] };
    expect(list).toMatchObject({
      bomFormat: 'CycloneDX',
      metadata: { component: { name: 'app', version: '2.0.0' } },
    });
    expect(list.components).toEqual([
      {
        type: 'library',
        'bom-ref': 'pkg:npm/%40x/y@1.0.0',
        name: '@x/y',
        version: '1.0.0',
        purl: 'pkg:npm/%40x/y@1.0.0',
        licenses: [{ license: { id: 'MIT' } }],
        hashes: [{ alg: 'SHA-512', content: '000102' }],
      },
      expect.objectContaining({ licenses: [{ expression: '(MIT OR Apache-2.0)' }] }),
    ]);
  });
});

describe('what is installed', () => {
  it('has exact versions and runs no script of a package', async () => {
    const facts = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as Record<
      'dependencies' | 'devDependencies',
      Record<string, string>
    >;
    const versions = { ...facts.dependencies, ...facts.devDependencies };
    const loose = Object.entries(versions).filter(
      ([, version]) => !/^\d+\.\d+\.\d+$/.test(version),
    );
    expect(loose).toEqual([]);
    const npmrc = await readFile(path.join(root, '.npmrc'), 'utf8');
    expect(npmrc).toMatch(/^ignore-scripts=true$/m);
    expect(npmrc).toMatch(/^save-exact=true$/m);
  });
});
