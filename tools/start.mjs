#!/usr/bin/env node
// npm start: installs what is missing, builds if the sources changed, serves on loopback.
import './setup/node-version.mjs';
import { ensureBuilt } from './setup/build.mjs';
import { ensurePackages } from './setup/install.mjs';

ensurePackages();
ensureBuilt();
await import('./serve/main.mjs');
