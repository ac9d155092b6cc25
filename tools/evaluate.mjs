#!/usr/bin/env node
// npm run evaluate -- --data DIR: how good is the app on your own labelled radiographs? The work is
// in tools/evaluate/; this file runs on a bare machine, where nothing is installed yet.
import './setup/node-version.mjs';
import { ensurePackages } from './setup/install.mjs';

ensurePackages();
const { register } = await import('tsx/esm/api');
register();
const { main } = await import('./evaluate/main.ts');
process.exitCode = await main(process.argv.slice(2));
