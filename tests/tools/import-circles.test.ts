import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../src', import.meta.url));

/** Static imports and exports of each file under `folder`, types included; `import()` may go back. */
function importsIn(folder: string): Map<string, string[]> {
  const graph = new Map<string, string[]>();
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.ts')) continue;
    const file = path.join(folder, name);
    const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest);
    graph.set(
      file,
      source.statements.flatMap((statement) => {
        if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return [];
        const from = statement.moduleSpecifier;
        if (!from || !ts.isStringLiteral(from) || !from.text.startsWith('.')) return [];
        return [path.resolve(path.dirname(file), from.text)];
      }),
    );
  }
  return graph;
}

/** Every circle as the names on it, each found once from its first file in the alphabet. */
function circlesIn(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const circles: string[][] = [];
  const done = new Set<string>();
  const walk = (file: string, trail: readonly string[]): void => {
    const at = trail.indexOf(file);
    if (at >= 0) {
      circles.push([...trail.slice(at), file]);
      return;
    }
    if (done.has(file)) return;
    for (const next of graph.get(file) ?? []) walk(next, [...trail, file]);
    done.add(file);
  };
  for (const file of [...graph.keys()].sort()) walk(file, []);
  return circles;
}

it('finds a circle of any length', () => {
  const circle = new Map([
    ['a', ['b']],
    ['b', ['c', 'd']],
    ['c', ['a']],
    ['d', []],
  ]);
  expect(circlesIn(circle)).toEqual([['a', 'b', 'c', 'a']]);
  expect(
    circlesIn(
      new Map([
        ['a', ['b', 'c']],
        ['b', ['c']],
        ['c', []],
      ]),
    ),
  ).toEqual([]);
});

it('has no circle of imports in src', () => {
  const graph = importsIn(ROOT);
  expect(graph.size).toBeGreaterThan(300);
  const circles = circlesIn(graph).map((circle) =>
    circle.map((file) => path.relative(ROOT, file)).join(' → '),
  );
  expect(circles).toEqual([]);
});
