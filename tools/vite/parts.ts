import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Plugin } from 'vite';

/** One package whose code or files ship with the app. */
export interface Part {
  readonly name: string;
  readonly version: string;
  /** As SPDX writes it. */
  readonly license: string;
  /** The package's own license file, or null where it brings none. */
  readonly text: string | null;
  readonly author: string | null;
  /** As package-lock.json has it, or null for a package of the machine's own. */
  readonly integrity: string | null;
}

/** The folder of the package that a module lies in, or null for a module of our own. */
export function packageFolderOf(id: string): string | null {
  const file = id.replace(/^\0/, '').split('?', 1)[0] ?? '';
  const found = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file.replaceAll('\\', '/'));
  return found?.[1] ?? null;
}

/** What one package says of itself. Throws where it names no license: such a package does not ship. */
export function readPart(folder: string, locked: Readonly<Record<string, string>> = {}): Part {
  const facts = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as {
    name: string;
    version: string;
    license?: string;
    author?: string | { name?: string };
  };
  if (!facts.license) throw new Error(`${facts.name} names no license, so it cannot ship.`);
  const file = readdirSync(folder)
    .sort()
    .find((name) => /^(?:licen[cs]e|copying)(?:\.(?:md|txt))?$/i.test(name));
  return {
    name: facts.name,
    version: facts.version,
    license: facts.license,
    text: file
      ? readFileSync(path.join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim()
      : null,
    author: (typeof facts.author === 'string' ? facts.author : facts.author?.name) ?? null,
    integrity:
      locked[`node_modules/${folder.split('/node_modules/').slice(1).join('/node_modules/')}`] ??
      null,
  };
}

/** Libraries compiled into a package's WebAssembly, which its own license file does not name. */
export const COMPILED_IN: Readonly<Record<string, string>> = {
  '@cornerstonejs/codec-charls': 'CharLS, by Team CharLS (BSD-3-Clause)',
  '@cornerstonejs/codec-libjpeg-turbo-8bit':
    'libjpeg-turbo, by D. R. Commander and others; this software is based in part on the work of the Independent JPEG Group (IJG, BSD-3-Clause, Zlib)',
  '@cornerstonejs/codec-openjpeg':
    'OpenJPEG, by the Université catholique de Louvain and others (BSD-2-Clause)',
  '@cornerstonejs/codec-openjph': 'OpenJPH, by Aous Naman and others (BSD-2-Clause)',
  '@tensorflow/tfjs-backend-wasm': 'XNNPACK, by Google LLC and others (BSD-3-Clause)',
};

/**
 * The licenses of everything that ships, the text of each once, as plain text. `apache` is the text of the Apache
 * License 2.0, for packages that name it and bring no copy.
 */
export function noticesOf(parts: readonly Part[], apache: string): string {
  const texts = new Map<string, Part[]>();
  for (const part of parts) {
    const text =
      part.text ??
      (part.license === 'Apache-2.0'
        ? apache.trim()
        : `License: ${part.license} (https://spdx.org/licenses/${part.license}.html)`);
    texts.set(text, [...(texts.get(text) ?? []), part]);
  }
  const chapters = [...texts].map(([text, group]) => {
    const names = group.flatMap(({ name, version, license, author }) => [
      `${name} ${version} (${license})${author ? `, by ${author}` : ''}`,
      ...(COMPILED_IN[name] ? [`  with ${COMPILED_IN[name]}`] : []),
    ]);
    return `${names.join('\n')}\n\n${text}\n`;
  });
  return [
    'Fieldray is built with software of others. Its own code is licensed under the Apache License 2.0.\n',
    ...chapters,
  ].join(`\n${'-'.repeat(72)}\n\n`);
}

/** The parts as a CycloneDX 1.6 list; the same parts give the same bytes. */
export function componentsOf(
  app: { name: string; version: string },
  parts: readonly Part[],
): string {
  const purl = ({ name, version }: Part) => `pkg:npm/${name.replace(/^@/, '%40')}@${version}`;
  const list = {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: { type: 'application', name: app.name, version: app.version } },
    components: parts.map((part) => ({
      type: 'library',
      'bom-ref': purl(part),
      name: part.name,
      version: part.version,
      purl: purl(part),
      licenses: [
        / (?:AND|OR|WITH) /.test(part.license)
          ? { expression: part.license }
          : { license: { id: part.license } },
      ],
      ...(part.integrity?.startsWith('sha512-') && {
        hashes: [
          {
            alg: 'SHA-512',
            content: Buffer.from(part.integrity.slice(7), 'base64').toString('hex'),
          },
        ],
      }),
    })),
  };
  return `${JSON.stringify(list, null, 2)}\n`;
}

/** Notes every package that gives a module or a file to a build, and writes the lists of them. */
export function createPartsList(root: string) {
  const folders = new Set<string>();
  return {
    /** Belongs into every build whose output ships: the page's, the workers', the service worker's. */
    plugin(): Plugin {
      return {
        name: 'fieldray-parts',
        apply: 'build',
        generateBundle() {
          for (const id of this.getModuleIds()) {
            const folder = packageFolderOf(id);
            if (folder && existsSync(path.join(folder, 'package.json'))) folders.add(folder);
          }
        },
      };
    },
    /** `third-party-notices.txt` for people and `parts.cdx.json` for programs. */
    async write(outDir: string): Promise<void> {
      const lock = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')) as {
        packages: Record<string, { integrity?: string }>;
      };
      const locked: Record<string, string> = {};
      for (const [place, { integrity }] of Object.entries(lock.packages)) {
        if (integrity) locked[place] = integrity;
      }
      const parts = [...folders]
        .map((folder) => readPart(folder, locked))
        .sort((a, b) => (a.name + a.version < b.name + b.version ? -1 : 1));
      const app = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
        name: string;
        version: string;
      };
      const apache = readFileSync(path.join(root, 'LICENSE'), 'utf8');
      await writeFile(path.join(outDir, 'third-party-notices.txt'), noticesOf(parts, apache));
      await writeFile(path.join(outDir, 'parts.cdx.json'), componentsOf(app, parts));
    },
  };
}

export type PartsList = ReturnType<typeof createPartsList>;
