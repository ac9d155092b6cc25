import { RuleTester } from 'eslint';
import path from 'node:path';
import { describe, it } from 'vitest';
import { apart } from '../../tools/lint/apart.js';

RuleTester.describe = describe;
RuleTester.it = it;

const root = path.resolve(import.meta.dirname, '../..');
const at = (name: string): string => path.join(root, name);
const screens = [{ within: 'src/screens', except: ['app/screens.ts'] }];
const inference = [{ within: 'src/inference', folders: ['page', 'worker'] }];
const errors = [{ messageId: 'apart' }];

new RuleTester({ languageOptions: { sourceType: 'module' } }).run('apart', apart, {
  valid: [
    {
      filename: at('src/screens/read/read-screen.ts'),
      options: screens,
      code: `import './result-panel.ts'; import { a } from '../../elements/a.ts'; import 'lit';`,
    },
    {
      filename: at('src/screens/insights/sections/masks.ts'),
      options: screens,
      code: `import '../item-picture.ts'; import '../../../elements/a.ts';`,
    },
    {
      filename: at('src/screens/app/screens.ts'),
      options: screens,
      code: `export const read = () => import('../read/read-screen.ts');`,
    },
    {
      filename: at('src/inference/worker/worker.ts'),
      options: inference,
      code: `import '../protocol.ts'; import './engine/engine.ts'; import '../tuning/head.ts';`,
    },
  ],
  invalid: [
    {
      filename: at('src/screens/about/about-screen.ts'),
      options: screens,
      code: `import '../welcome/install-hint.ts';`,
      errors,
    },
    {
      filename: at('src/screens/insights/sections/masks.ts'),
      options: screens,
      code: `import('../../read/verdict.ts');`,
      errors,
    },
    {
      filename: at('src/screens/app/fieldray-app.ts'),
      options: screens,
      code: `export { a } from '../read/a.ts'; export * from '../film/b.ts';`,
      errors: [...errors, ...errors],
    },
    {
      filename: at('src/inference/page/service.ts'),
      options: inference,
      code: `import { start } from '../worker/host.ts';`,
      errors,
    },
  ],
});
