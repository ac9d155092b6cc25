import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { checksumsPlugin } from './tools/vite/checksums.ts';
import { createPartsList } from './tools/vite/parts.ts';
import { policyPlugin } from './tools/vite/policy.ts';
import { precompressPlugin } from './tools/vite/precompress.ts';
import { serviceWorkerPlugin } from './tools/vite/service-worker.ts';

const root = fileURLToPath(new URL('.', import.meta.url));

function git(...args: string[]): string | null {
  try {
    return execFileSync('git', args, {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return null;
  }
}

/** Version, commit and time; each can be set from outside for builds without a git checkout. */
export function buildFacts(): Record<string, string> {
  const env = process.env;
  const packageJson = JSON.parse(readFileSync(`${root}/package.json`, 'utf8')) as {
    version: string;
  };
  const commit = git('rev-parse', '--short=12', 'HEAD');
  const changed = commit !== null && git('status', '--porcelain') !== '';
  const epoch = env.SOURCE_DATE_EPOCH ?? git('log', '-1', '--format=%ct') ?? '0';
  return {
    __APP_VERSION__: JSON.stringify(env.FIELDRAY_VERSION ?? packageJson.version),
    __APP_COMMIT__: JSON.stringify(
      env.FIELDRAY_COMMIT ?? (commit ? commit + (changed ? '+changes' : '') : ''),
    ),
    __APP_BUILT__: JSON.stringify(new Date(Number(epoch) * 1000).toISOString()),
    __MODELS_BASE__: JSON.stringify(env.FIELDRAY_MODELS_BASE ?? ''),
  };
}

/** Parts of packages that no browser runs: what stands in their place says so. */
export const LEFT_OUT = [
  {
    find: /^\.\.\/wasm-out\/tfjs-backend-wasm-threaded-simd(?:\.worker)?\.js$/,
    replacement: `${root}src/inference/worker/engine/no-threads.js`,
  },
  // The codecs' glue asks for these under Node only.
  { find: /^(?:fs|path)$/, replacement: `${root}tools/vite/no-node.js` },
  // geotiff's own decoders (a hundred kilobytes); its directories are what is used.
  { find: /^(?:pako|lerc|zstddec)$/, replacement: `${root}tools/vite/no-tiff-codecs.js` },
];

/** Kinds of operations, as tfjs sorts them, that are in no network for pictures. */
const NOT_IN_A_NETWORK =
  'control|dynamic|evaluation|hash_table|ragged|sparse|spectral|string|creation|normalization|logical|slice_join';

/** Parts of tfjs that no network of this app needs; a first visit would wait 30 kB longer for them. */
const UNUSED_OPERATIONS = [
  // The interpreter of graphs calls any operation by its name, so that none of tfjs's would be left out.
  {
    find: /^@tensorflow\/tfjs-core\/dist\/ops\/ops_for_converter$/,
    replacement: `${root}src/inference/worker/engine/graph-ops.ts`,
  },
  {
    find: new RegExp(
      `^\\./(?:executors/(?:${NOT_IN_A_NETWORK})_executor|op_list/(?:${NOT_IN_A_NETWORK}))$`,
    ),
    replacement: `${root}src/inference/worker/engine/no-executor.js`,
  },
  {
    find: './optimizers/register_optimizers',
    replacement: `${root}src/inference/worker/engine/no-training.js`,
  },
  // Ways to keep a model that this app does not go.
  { find: /^\.\/(?:indexed_db|local_storage)$/, replacement: `${root}tools/vite/no-node.js` },
];

/**
 * Every file of tfjs begins with its license: five kilobytes of the same words that every first visit would wait
 * for. They stand once, in third-party-notices.txt (tools/vite/parts.ts).
 */
const COMMENTS = { legal: false, annotation: true, jsdoc: false };

const parts = createPartsList(root);

export default defineConfig({
  // Relative addresses: the built folder works from any sub-path of any static host.
  base: './',
  define: buildFacts(),
  resolve: { alias: [...LEFT_OUT, ...UNUSED_OPERATIONS] },
  plugins: [
    policyPlugin(process.env.FIELDRAY_MODELS_BASE ?? ''),
    parts.plugin(),
    serviceWorkerPlugin(parts),
    precompressPlugin(),
    checksumsPlugin(),
  ],
  worker: {
    format: 'es',
    plugins: () => [parts.plugin()],
    rolldownOptions: {
      checks: { pluginTimings: false, bundlerTimings: false },
      output: {
        comments: COMMENTS,
        // WebKit evaluates a worker's own script a second time when one of its chunks imports from
        // it: two hosts would answer, one of them without a model. So what the chunks share is a
        // chunk of its own. tests/e2e/precache.e2e.test.ts looks that nothing imports an entry.
        codeSplitting: {
          groups: [
            {
              name: 'worker-core',
              test: /\/src\/inference\/worker\/(?:host|engine\/adapter)\.ts$/,
            },
            // The viewing worker's: what its decoders, loaded one by one, lean on.
            { name: 'radiograph-core', test: /\/src\/radiograph\/decode\.ts$/, priority: 2 },
            // What the core loads when a file is no picture. The door of the folder names it too, for
            // which it would become a part of the entry otherwise.
            {
              name: 'radiograph-other',
              test: /\/src\/radiograph\/(?:gunzip|formats\/other)\.ts$/,
              priority: 1,
            },
          ],
        },
      },
    },
  },
  build: {
    target: ['chrome111', 'edge111', 'firefox114', 'safari16.4'],
    // Every .wasm, icon and font is a file of our own origin: the Content-Security-Policy knows no data: code.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
    // Packing with brotli takes its seconds; that is no news.
    rolldownOptions: {
      checks: { pluginTimings: false, bundlerTimings: false },
      output: { comments: COMMENTS },
    },
  },
});
