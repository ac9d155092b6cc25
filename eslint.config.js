// One direction, one door a folder: what CONTRIBUTING.md draws, held by a rule.
import boundaries from 'eslint-plugin-boundaries';
import { configs as lit } from 'eslint-plugin-lit';
import litA11y from 'eslint-plugin-lit-a11y';
import tseslint from 'typescript-eslint';
import { apart } from './tools/lint/apart.js';

/** The order of the house: a folder may lean on those before it, never on those after it. */
const ORDER = [
  'base',
  'radiograph',
  'preprocess',
  'model',
  'inference',
  'assurance',
  'files',
  'film',
  'viewing',
  'session',
  'records',
  'dataset',
  'evaluation',
  'adaptation',
  'platform',
  'words',
  'reports',
  'state',
  'elements',
  'screens',
];
/** What a folder shows to the others: its door and its contract, and a door that few have to pass. */
const DOORS = ['index.ts', 'types.ts', 'tuning.ts', 'page.ts'];
/** The pages are loaded one by one and the elements register themselves: each file is its own door. */
const OPEN = ['base', 'platform', 'words', 'state', 'elements', 'screens'];

const TFJS = {
  group: ['@tensorflow/*'],
  message: 'Only src/inference and src/adaptation know the runtime (CONTRIBUTING.md).',
};
const LIT = {
  group: ['lit', 'lit/*', 'lit-*', '@lit/*'],
  message: 'Domain folders know nothing of Lit (CONTRIBUTING.md).',
};
/** `ModelStore.active()`: one owner knows which model is in use. */
const STORE_ACTIVE = {
  selector: "CallExpression[arguments.length=0][callee.property.name='active']",
  message: 'Only src/state/active-model.ts asks the store for its active model.',
};

const to = (type, fileInternalPath) => ({
  to: { element: fileInternalPath ? { type, fileInternalPath } : { type } },
});

const policies = [
  ...ORDER.flatMap((type, place) => [
    { from: { element: { type } }, allow: to(type) },
    ...ORDER.slice(0, place).map((below) => ({
      from: { element: { type } },
      allow: OPEN.includes(below) ? to(below) : to(below, `{${DOORS.join(',')}}`),
    })),
  ]),
  // The service worker is its own program; the page shares only the words they say to each other.
  { from: { element: { type: 'service-worker' } }, allow: to('service-worker') },
  { from: { element: { type: 'platform' } }, allow: to('service-worker', 'contract.ts') },
  // src/main.ts puts the house together, src/service-worker.ts is the worker's entry.
  { from: { element: { type: 'root' } }, allow: to('root') },
  { from: { element: { type: 'root' } }, allow: to('service-worker') },
  ...ORDER.map((type) => ({
    from: { element: { type: 'root' } },
    allow: OPEN.includes(type) ? to(type) : to(type, `{${DOORS.join(',')}}`),
  })),
];

export default tseslint.config(
  {
    ignores: [
      'dist',
      'dist-*',
      'node_modules',
      'coverage',
      'test-results',
      '.cache',
      'public',
      'training',
      'src/**/generated',
    ],
  },
  {
    files: ['**/*.{js,mjs}'],
    extends: [tseslint.configs.recommended],
    rules: { eqeqeq: ['error', 'always'] },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.worker.json', './tsconfig.page.json', './tsconfig.node.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      eqeqeq: ['error', 'always'],
      'no-console': 'error',
      'no-restricted-globals': ['error', 'event', 'name'],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', caughtErrors: 'none' },
      ],
      // An array's element may be missing at run time although its type does not say so.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      // An AbortSignal's reason is whatever the caller gave.
      '@typescript-eslint/only-throw-error': [
        'error',
        { allowThrowingAny: true, allowThrowingUnknown: true },
      ],
      '@typescript-eslint/prefer-promise-reject-errors': [
        'error',
        { allowThrowingAny: true, allowThrowingUnknown: true },
      ],
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/unified-signatures': 'off',
    },
  },
  {
    files: ['src/**/*.ts'],
    plugins: { boundaries },
    settings: {
      'boundaries/elements': [
        ...[...ORDER, 'service-worker'].map((type) => ({
          type,
          pattern: `src/${type}`,
          partialMatch: false,
        })),
        { type: 'root', pattern: 'src', partialMatch: false },
      ],
      'boundaries/elements-single-match': true,
      'boundaries/dependency-nodes': ['import', 'export', 'dynamic-import'],
      'import/resolver': { node: { extensions: ['.ts', '.js', '.mjs'] } },
    },
    rules: {
      'boundaries/dependencies': [
        'error',
        { default: 'disallow', checkAllOrigins: false, policies },
      ],
      'no-restricted-imports': ['error', { patterns: [TFJS, LIT] }],
    },
  },
  {
    files: ['src/**/*.ts'],
    plugins: { fieldray: { rules: { apart } } },
  },
  {
    // Each screen is loaded by itself; the table of all screens names them.
    files: ['src/screens/**/*.ts'],
    rules: { 'fieldray/apart': ['error', { within: 'src/screens', except: ['app/screens.ts'] }] },
  },
  {
    // The page and the worker meet in protocol.ts and types.ts only.
    files: ['src/inference/**/*.ts'],
    rules: {
      'fieldray/apart': ['error', { within: 'src/inference', folders: ['page', 'worker'] }],
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/state/active-model.ts'],
    rules: { 'no-restricted-syntax': ['error', STORE_ACTIVE] },
  },
  {
    files: ['src/inference/**/*.ts', 'src/adaptation/**/*.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: [LIT] }] },
  },
  {
    // Words pass through @lit/localize, which does not need Lit.
    files: ['src/main.ts', 'src/platform/**/*.ts', 'src/words/**/*.ts', 'src/state/**/*.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: [TFJS] }] },
  },
  {
    files: ['src/elements/**/*.ts', 'src/screens/**/*.ts'],
    extends: [lit['flat/recommended']],
    plugins: { 'lit-a11y': litA11y },
    rules: {
      ...litA11y.configs.recommended.rules,
      'no-restricted-imports': ['error', { patterns: [TFJS] }],
      // A listener bound to the element is how Lit is written; the linter cannot see that it is bound.
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: ['tests/**/*.ts', 'bench/**/*.ts', 'tools/**/*.ts'],
    rules: {
      'no-console': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-empty-function': 'off',
    },
  },
);
