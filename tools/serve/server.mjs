// A static server for the built app: loopback, right media types, ranges, revalidation, precompressed
// files, strict headers. It does nothing any static host could not do.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import path from 'node:path';
import { pipeline } from 'node:stream';
import { cacheControl, securityHeaders } from './headers.mjs';
import { mediaType } from './mime.mjs';
import { parseRange } from './range.mjs';

/**
 * @typedef {object} ServeOptions
 * @property {string} directory the folder to serve
 * @property {string} [host] default 127.0.0.1: nothing outside this machine reaches it
 * @property {number} [port] default 0: any free port
 * @property {boolean} [otherPort] when the port is taken, take a free one instead of failing
 * @property {string} [basePath] serve below this path, e.g. `/clinic/fieldray/`; default `/`
 * @property {string} [modelsOrigin] an origin the models come from, for the policy
 * @property {{ cert: string | Buffer, key: string | Buffer }} [tls] speak HTTPS
 * @property {(request: http.IncomingMessage, response: http.ServerResponse, path: string) => boolean | Promise<boolean>} [intercept]
 *   for tests of bad surroundings: true means that it has answered
 *
 * @typedef {object} RunningServer
 * @property {string} url the app's address, ending in a slash
 * @property {number} port
 * @property {() => Promise<void>} close ends the server and every open connection
 */

/** Endings in order of preference, with the name clients ask for. */
const ENCODINGS = /** @type {const} */ ([
  ['br', '.br'],
  ['gzip', '.gz'],
]);

/**
 * The path inside the served folder that a request means, or null if it is outside.
 * @param {string} url
 * @param {string} basePath
 * @returns {string | null}
 */
export function requestedPath(url, basePath) {
  const raw = url.split(/[?#]/, 1)[0] ?? '';
  if (!raw.startsWith(basePath)) return null;
  let decoded;
  try {
    decoded = decodeURIComponent(raw.slice(basePath.length));
  } catch {
    return null;
  }
  if (/[\0\\]/.test(decoded)) return null;
  const parts = decoded.split('/');
  if (
    parts.some(
      (part, at) => part === '..' || part === '.' || (part === '' && at < parts.length - 1),
    )
  )
    return null;
  if (parts.some((part) => part.startsWith('.') && part !== '.well-known')) return null;
  return decoded === '' || decoded.endsWith('/') ? `${decoded}index.html` : decoded;
}

/**
 * @param {string} file
 * @returns {Promise<import('node:fs').Stats | null>}
 */
async function fileStats(file) {
  try {
    const facts = await stat(file);
    return facts.isFile() ? facts : null;
  } catch {
    return null;
  }
}

/**
 * @param {http.ServerResponse} response
 * @param {number} status
 * @param {string} text
 */
function plain(response, status, text) {
  response.writeHead(status, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
  });
  response.end(text);
}

/**
 * The precompressed sibling the client takes, or the file itself. Ranges are always of the file itself.
 * @param {string} file
 * @param {import('node:fs').Stats} facts
 * @param {http.IncomingMessage} request
 */
async function chooseEncoding(file, facts, request) {
  const accepted = String(request.headers['accept-encoding'] ?? '')
    .split(',')
    .map((part) => part.trim().toLowerCase())
    .filter((part) => !/;\s*q=0(\.0*)?$/.test(part))
    .map((part) => part.split(';', 1)[0]);
  if (!request.headers.range) {
    for (const [name, ending] of ENCODINGS) {
      if (!accepted.includes(name)) continue;
      const packed = await fileStats(file + ending);
      // In whole milliseconds: copying a folder often keeps no more of a file's time.
      if (packed && Math.ceil(packed.mtimeMs) >= Math.floor(facts.mtimeMs)) {
        return { file: file + ending, facts: packed, encoding: name };
      }
    }
  }
  return { file, facts, encoding: null };
}

/**
 * @param {ServeOptions} options
 * @returns {(request: http.IncomingMessage, response: http.ServerResponse) => Promise<void>}
 */
function handler(options) {
  const root = path.resolve(options.directory);
  const basePath = options.basePath ?? '/';
  const headers = securityHeaders({ modelsOrigin: options.modelsOrigin });

  return async (request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    const inside = requestedPath(request.url ?? '/', basePath);
    if (options.intercept && (await options.intercept(request, response, inside ?? ''))) return;
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      return plain(response, 405, 'Only GET and HEAD are answered here.\n');
    }
    if (`${request.url}/` === basePath) {
      response.setHeader('Location', basePath);
      return plain(response, 308, 'The app is one slash further.\n');
    }
    const file = inside === null ? null : path.join(root, inside);
    const facts = file === null ? null : await fileStats(file);
    if (!file || !facts || !inside) return plain(response, 404, 'There is no such file here.\n');

    const chosen = await chooseEncoding(file, facts, request);
    const tag = `"${facts.size.toString(16)}-${Math.floor(facts.mtimeMs).toString(16)}${
      chosen.encoding ? `-${chosen.encoding}` : ''
    }"`;
    response.setHeader('Content-Type', mediaType(inside));
    response.setHeader('Cache-Control', cacheControl(inside));
    response.setHeader('ETag', tag);
    response.setHeader('Last-Modified', facts.mtime.toUTCString());
    response.setHeader('Accept-Ranges', 'bytes');
    response.setHeader('Vary', 'Accept-Encoding');
    if (chosen.encoding) response.setHeader('Content-Encoding', chosen.encoding);

    const known = request.headers['if-none-match'];
    if (
      known &&
      (known === '*' || known.split(',').some((one) => one.trim().replace(/^W\//, '') === tag))
    ) {
      response.writeHead(304);
      response.end();
      return;
    }
    const still = request.headers['if-range'];
    const range =
      still && still !== tag && still !== facts.mtime.toUTCString()
        ? 'whole'
        : parseRange(request.headers.range, chosen.facts.size);
    if (range === 'unsatisfiable') {
      response.setHeader('Content-Range', `bytes */${chosen.facts.size}`);
      return plain(response, 416, 'The file is shorter than that.\n');
    }
    const span = range === 'whole' ? { start: 0, end: chosen.facts.size - 1 } : range;
    response.setHeader('Content-Length', span.end - span.start + 1);
    if (range !== 'whole') {
      response.setHeader('Content-Range', `bytes ${span.start}-${span.end}/${chosen.facts.size}`);
    }
    response.writeHead(range === 'whole' ? 200 : 206);
    if (request.method === 'HEAD' || chosen.facts.size === 0) {
      response.end();
      return;
    }
    // A client that goes away in the middle is no error of ours.
    pipeline(createReadStream(chosen.file, span), response, () => undefined);
  };
}

/**
 * Starts serving.
 * @param {ServeOptions} options
 * @returns {Promise<RunningServer>}
 */
export async function serve(options) {
  const host = options.host ?? '127.0.0.1';
  const basePath = options.basePath ?? '/';
  if (!/^\/(?:[A-Za-z0-9._~-]+\/)*$/.test(basePath)) {
    throw new Error(`The base path must begin and end with a slash: ${basePath}`);
  }
  const answer = handler({ ...options, basePath });
  /** @param {http.IncomingMessage} request @param {http.ServerResponse} response */
  const listener = (request, response) => {
    answer(request, response).catch(() => {
      if (response.headersSent) response.destroy();
      else plain(response, 500, 'The file could not be read.\n');
    });
  };
  const server = options.tls
    ? https.createServer(options.tls, listener)
    : http.createServer(listener);

  /** @param {number} port @returns {Promise<void>} */
  const listen = (port) =>
    new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, () => {
        server.off('error', reject);
        resolve();
      });
    });
  try {
    await listen(options.port ?? 0);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code !== 'EADDRINUSE' || !options.otherPort) throw error;
    await listen(0);
  }
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const shownHost = host.includes(':') ? `[${host}]` : host;
  return {
    port,
    url: `${options.tls ? 'https' : 'http'}://${shownHost}:${port}${basePath}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
