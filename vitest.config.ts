import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { CHROMIUM_ARGS, findChromium } from './tools/browser/find-chromium.mjs';
import { faultServerPlugin } from './tests/model/support/fault-plugin.ts';
import { buildFacts } from './vite.config.ts';

const executablePath = findChromium() ?? undefined;

export default defineConfig({
  define: buildFacts(),
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          environment: 'node',
          include: ['tests/**/*.test.ts'],
          exclude: ['tests/**/*.browser.test.ts', 'tests/e2e/**'],
          maxWorkers: 2,
          testTimeout: 30_000,
        },
      },
      {
        extends: true,
        // Vite finds no index.html entry of ours here; without this the first import of each package
        // would reload the page in the middle of a test.
        optimizeDeps: {
          entries: ['src/main.ts', 'src/**/*worker*.ts', 'tests/**/*.browser.test.ts'],
          include: [
            'lit',
            'lit/decorators.js',
            'lit/directive.js',
            'lit/directives/ref.js',
            'lit/directives/repeat.js',
            '@lit/localize',
            'axe-core',
          ],
        },
        worker: { format: 'es' },
        plugins: [faultServerPlugin()],
        test: {
          name: 'browser',
          // With this variable set, the data that the app stores is recorded as a fixture instead.
          include: process.env.VITE_FIELDRAY_RECORD
            ? ['tests/stored/record.browser.ts']
            : ['tests/**/*.browser.test.ts'],
          setupFiles: ['tests/support/lit-warnings.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: { executablePath, args: [...CHROMIUM_ARGS] },
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          environment: 'node',
          include: ['tests/e2e/**/*.e2e.test.ts'],
          globalSetup: ['tests/e2e/support/global-setup.ts'],
          fileParallelism: false,
          maxWorkers: 1,
          testTimeout: 180_000,
          hookTimeout: 240_000,
        },
      },
    ],
  },
});
