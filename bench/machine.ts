/** What the figures were measured on. */
import { existsSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const ROOT = path.resolve(import.meta.dirname, '..');

function distribution(): string {
  const file = '/etc/os-release';
  const name = existsSync(file)
    ? /^PRETTY_NAME="?([^"\n]+)/m.exec(readFileSync(file, 'utf8'))?.[1]
    : undefined;
  return name ?? `${os.type()} ${os.release()}`;
}

function packageVersion(name: string): string {
  const file = path.join(ROOT, 'node_modules', name, 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

/** Processes that wanted a core in the last minute. */
export function otherLoad(): number {
  return os.loadavg()[0];
}

export function circumstances(browser: string): string[] {
  const cpus = os.cpus();
  const libraries = ['@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-wasm', 'onnxruntime-web'];
  return [
    `${cpus.length} cores of ${cpus[0]?.model.trim() ?? 'an unnamed processor'}, ${Math.round(os.totalmem() / 2 ** 30)} GiB of memory, ${distribution()}`,
    `Chromium ${browser} without a window, Node ${process.versions.node}`,
    libraries.map((name) => `${name} ${packageVersion(name)}`).join(', '),
  ];
}
