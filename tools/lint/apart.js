/**
 * An ESLint rule: folders that lie beside each other and must not import each other. What two of them
 * share belongs to a folder below them.
 */
import path from 'node:path';

/** @type {import('eslint').Rule.RuleModule} */
export const apart = {
  meta: {
    type: 'problem',
    schema: [
      {
        type: 'object',
        properties: {
          /** The folder whose direct subfolders are kept apart, from the root of the repository. */
          within: { type: 'string' },
          /** Only these subfolders; all of them where it is missing. */
          folders: { type: 'array', items: { type: 'string' } },
          /** Files that may import from every one of them. */
          except: { type: 'array', items: { type: 'string' } },
        },
        required: ['within'],
        additionalProperties: false,
      },
    ],
    messages: {
      apart:
        '{{within}}/{{from}} must not import {{within}}/{{to}}: move what both need below them.',
    },
  },
  create(context) {
    const { within, folders, except = [] } = context.options[0];
    const root = path.resolve(context.cwd, within);
    const file = context.filename;
    /** @param {string} name @returns {string | null} the subfolder that a file lies in */
    const partOf = (name) => {
      const [part, ...rest] = path.relative(root, name).split(path.sep);
      const inside = part !== '..' && rest.length > 0;
      return inside && (!folders || folders.includes(part)) ? part : null;
    };
    const from = partOf(file);
    if (
      from === null ||
      except.some((/** @type {string} */ name) => path.resolve(root, name) === file)
    )
      return {};
    /** @param {any} source the string behind `from` or inside `import()`; null: an export without one */
    const check = (source) => {
      if (typeof source?.value !== 'string' || !source.value.startsWith('.')) return;
      const to = partOf(path.resolve(path.dirname(file), source.value));
      if (to === null || to === from) return;
      context.report({ node: source, messageId: 'apart', data: { within, from, to } });
    };
    return {
      ImportDeclaration: ({ source }) => check(source),
      ExportNamedDeclaration: ({ source }) => check(source),
      ExportAllDeclaration: ({ source }) => check(source),
      ImportExpression: ({ source }) => check(source),
    };
  },
};
