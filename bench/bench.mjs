#!/usr/bin/env node
// npm run bench: measures Fieldray against its peers and its own limits. See bench/README.md.
import '../tools/setup/node-version.mjs';
import { ensurePackages } from '../tools/setup/install.mjs';

ensurePackages();
const { register } = await import('tsx/esm/api');
register();
const { main } = await import('./main.ts');
process.exitCode = await main(process.argv.slice(2));
