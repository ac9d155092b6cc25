// Compares what a host sends with a built folder: every file's bytes, and the headers the app wants.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { cacheControl, modelsOriginOf, securityHeaders } from '../serve/headers.mjs';
import { mediaType } from '../serve/mime.mjs';

/**
 * @typedef {object} Finding
 * @property {'error' | 'warning'} level an error means that devices get something else than was built
 * @property {string} file relative to the app's address
 * @property {string} text what is wrong, in one sentence
 */

/** @param {string} text a SHA256SUMS file @returns {[hash: string, name: string][]} */
export function readChecksums(text) {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const found = /^([0-9a-f]{64}) [ *](.+)$/.exec(line);
      if (!found?.[1] || !found[2]) throw new Error(`Not a line of SHA256SUMS: ${line}`);
      return [found[1], found[2]];
    });
}

/** @param {Uint8Array} bytes */
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

/**
 * What is wrong with one answer's headers.
 * @param {string} name
 * @param {Headers} headers
 * @param {Record<string, string>} wanted the security headers
 * @returns {Finding[]}
 */
export function headerFindings(name, headers, wanted) {
  /** @type {Finding[]} */
  const findings = [];
  const type = headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const right = mediaType(name).split(';', 1)[0] ?? '';
  const script = type.endsWith('/javascript') && right.endsWith('/javascript');
  if (type !== right && !script) {
    // Browsers refuse a script, a WebAssembly module or a style of the wrong type; the rest they open.
    const level = /\.(?:m?js|wasm|css|html)$/.test(name) ? 'error' : 'warning';
    findings.push({ level, file: name, text: `is sent as “${type}” instead of “${right}”.` });
  }
  if (/(?:^|\/)(?:index\.html|service-worker\.js)$/.test(name)) {
    for (const [header, value] of Object.entries(wanted)) {
      const sent = headers.get(header);
      if (sent === null)
        findings.push({ level: 'warning', file: name, text: `has no header ${header}.` });
      else if (normal(sent) !== normal(value))
        findings.push({
          level: 'warning',
          file: name,
          text: `has ${header}: ${sent} instead of ${value}`,
        });
    }
    const kept = headers.get('cache-control') ?? '';
    if (!/no-cache|no-store|max-age=0\b/.test(kept))
      findings.push({
        level: 'error',
        file: name,
        text: `may be kept by browsers (Cache-Control: ${kept || 'none'}); it needs “${cacheControl(name)}”, or updates come late.`,
      });
  }
  return findings;
}

/** @param {string} value */
const normal = (value) =>
  value
    .replace(/\s*([;,])\s*/g, '$1 ')
    .replace(/[; ]+$/, '')
    .trim();

/**
 * Asks a site for every file of a build.
 * @param {string} directory the built folder, with its SHA256SUMS
 * @param {string} address the app's address; a missing slash at the end is added
 * @param {{ atOnce?: number, fetch?: typeof fetch }} [options]
 * @returns {Promise<{ files: number, findings: Finding[] }>}
 */
export async function compareSite(directory, address, options = {}) {
  const ask = options.fetch ?? fetch;
  const base = new URL(address.endsWith('/') ? address : `${address}/`);
  const sums = readChecksums(await readFile(path.join(directory, 'SHA256SUMS'), 'utf8'));
  // Packed siblings are other forms of the same files: a host may lack them.
  const files = sums.filter(([, name]) => !/\.(?:br|gz)$/.test(name));
  const html = await readFile(path.join(directory, 'index.html'), 'utf8');
  const wanted = securityHeaders({ modelsOrigin: modelsOriginOf(html) });
  /** @type {Finding[]} */
  const findings = [];
  const waiting = files.values();
  const worker = async () => {
    for (const [hash, name] of waiting)
      findings.push(...(await compareFile(ask, base, name, hash, wanted)));
  };
  await Promise.all(Array.from({ length: options.atOnce ?? 6 }, worker));
  findings.push(...(await missingPage(ask, base)));
  return { files: files.length, findings: findings.sort((a, b) => (a.file < b.file ? -1 : 1)) };
}

/**
 * @param {typeof fetch} ask
 * @param {URL} base
 * @param {string} name
 * @param {string} hash
 * @param {Record<string, string>} wanted
 * @returns {Promise<Finding[]>}
 */
async function compareFile(ask, base, name, hash, wanted) {
  const url = new URL(name.split('/').map(encodeURIComponent).join('/'), base);
  try {
    const response = await ask(url, { redirect: 'follow', cache: 'no-store' });
    if (!response.ok) {
      await response.body?.cancel();
      return [{ level: 'error', file: name, text: `is not there (HTTP ${response.status}).` }];
    }
    /** @type {Finding[]} */
    const findings = [];
    if (new URL(response.url || url).origin !== base.origin)
      findings.push({
        level: 'error',
        file: name,
        text: `comes from another host, ${new URL(response.url).host}.`,
      });
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (sha256(bytes) !== hash)
      findings.push({
        level: 'error',
        file: name,
        text: `has other bytes than the build (${bytes.length} of them).`,
      });
    return [...findings, ...headerFindings(name, response.headers, wanted)];
  } catch (error) {
    const reason =
      error instanceof Error
        ? (error.cause instanceof Error ? error.cause : error).message
        : String(error);
    return [{ level: 'error', file: name, text: `could not be fetched: ${reason}` }];
  }
}

/**
 * A page in the place of a missing file makes an installation hold that page as a script.
 * @param {typeof fetch} ask
 * @param {URL} base
 * @returns {Promise<Finding[]>}
 */
async function missingPage(ask, base) {
  const name = 'assets/not-there-00000000.js';
  try {
    const response = await ask(new URL(name, base), { cache: 'no-store' });
    await response.body?.cancel();
    return response.ok
      ? [
          {
            level: 'error',
            file: name,
            text: 'does not exist, and yet the host sends something for it; it must answer 404.',
          },
        ]
      : [];
  } catch {
    return [];
  }
}
