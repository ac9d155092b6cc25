/**
 * A static file server that misbehaves on demand: real answers over real connections, so that the
 * browser's own handling of cuts, ranges and encodings is part of what is tested.
 *
 *   PUT  /SITE/files/PATH   stores a file     GET /SITE/files/PATH   serves it
 *   POST /SITE/setup        SiteSetup         GET /SITE/log          Request[]
 */
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { parseRange } from '../../../tools/serve/range.mjs';
import type { Request, ServerFault, SiteSetup } from './fault-types.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

class Site {
  readonly files = new Map<string, Buffer>();
  readonly log: Mutable<Request>[] = [];
  setup: SiteSetup = {};
  #uses = new Map<ServerFault, number>();

  /** The faults that hit this request, the first of each kind; each one is used up by it. */
  faultsFor(path: string): readonly ServerFault[] {
    const hits = new Map<string, ServerFault>();
    for (const fault of this.setup.faults ?? []) {
      const used = this.#uses.get(fault) ?? 0;
      if (!path.endsWith(fault.path) || used >= (fault.times ?? Infinity)) continue;
      if (!hits.has(fault.kind)) hits.set(fault.kind, fault);
    }
    for (const fault of hits.values()) this.#uses.set(fault, (this.#uses.get(fault) ?? 0) + 1);
    return [...hits.values()];
  }
}

export class FaultServer {
  readonly #sites = new Map<string, Site>();

  readonly handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://server');
    const [, name = '', action = '', ...rest] = decodeURIComponent(url.pathname).split('/');
    const site = this.#site(name);
    const path = rest.join('/');
    if (action === 'files' && request.method === 'PUT') site.files.set(path, await body(request));
    else if (action === 'files') return serve(site, path, request, response);
    else if (action === 'setup') site.setup = JSON.parse(String(await body(request))) as SiteSetup;
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify(action === 'log' ? site.log : null));
  };

  #site(name: string): Site {
    let site = this.#sites.get(name);
    if (!site) this.#sites.set(name, (site = new Site()));
    return site;
  }
}

async function body(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

async function serve(
  site: Site,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const header = (name: string): string | null => request.headers[name]?.toString() ?? null;
  const entry = { path, status: 0, range: header('range'), ifRange: header('if-range'), sent: 0 };
  site.log.push(entry);
  const faults = site.faultsFor(path);
  const of = <K extends ServerFault['kind']>(
    kind: K,
  ): Extract<ServerFault, { kind: K }> | undefined =>
    faults.find((fault): fault is Extract<ServerFault, { kind: K }> => fault.kind === kind);
  const start = (status: number, headers: Record<string, string | number>): void => {
    entry.status = status;
    response.writeHead(status, { 'Cache-Control': 'no-cache', ...headers });
  };

  const status = of('status');
  const html = of('html');
  const file = site.files.get(path);
  if (status) {
    start(status.status, status.retryAfter ? { 'Retry-After': status.retryAfter } : {});
    return void response.end('no');
  }
  if (html) {
    start(200, { 'Content-Type': html.type });
    return void response.end(`\n<!DOCTYPE html><title>Sign in</title>${' '.repeat(5000)}`);
  }
  if (!file) {
    start(404, {});
    return void response.end('not found');
  }

  const content = misshapen(file, of('flip'), of('resize'));
  const headers: Record<string, string | number> = { 'Content-Type': typeOf(path) };
  const etag = etagOf(content, site.setup);
  if (etag) headers['ETag'] = etag;
  if (of('gzip')) {
    const packed = gzipSync(content);
    start(200, { ...headers, 'Content-Encoding': 'gzip', 'Content-Length': packed.length });
    entry.sent = packed.length;
    return void response.end(packed);
  }
  if (site.setup.ranges === false) headers['Accept-Ranges'] = 'none';
  const range = rangeOf(site, entry, etag, content.length);
  if (range === 'unsatisfiable') {
    start(416, { 'Content-Range': `bytes */${content.length}` });
    return void response.end();
  }
  let part = content;
  if (range !== 'whole') {
    const from = of('wrong-part') ? Math.max(0, range.start - 10) : range.start;
    part = content.subarray(from, range.end + 1);
    headers['Content-Range'] = `bytes ${from}-${range.end}/${content.length}`;
  }
  if (!of('resize')?.quiet) headers['Content-Length'] = part.length;
  start(range === 'whole' ? 200 : 206, headers);
  await send(part, entry, response, of('cut') ?? of('stall') ?? of('slow'));
}

function rangeOf(
  site: Site,
  entry: Request,
  etag: string | null,
  size: number,
): ReturnType<typeof parseRange> {
  if (site.setup.ranges === false) return 'whole';
  if (entry.ifRange !== null && entry.ifRange !== etag) return 'whole';
  return parseRange(entry.range ?? undefined, size);
}

function misshapen(
  file: Buffer,
  flip: { at: number } | undefined,
  resize: { by: number } | undefined,
): Buffer {
  let content = file;
  if (flip) {
    content = Buffer.from(content);
    content[flip.at] ^= 1;
  }
  if (resize && resize.by < 0) content = content.subarray(0, content.length + resize.by);
  if (resize && resize.by > 0) content = Buffer.concat([content, Buffer.alloc(resize.by, 7)]);
  return content;
}

function etagOf(content: Buffer, { etag = 'strong', edition = '' }: SiteSetup): string | null {
  if (etag === 'none') return null;
  const digest = createHash('sha1').update(content).update(edition).digest('hex').slice(0, 16);
  return `${etag === 'weak' ? 'W/' : ''}"${digest}"`;
}

function typeOf(path: string): string {
  return path.endsWith('.json') ? 'application/json' : 'application/octet-stream';
}

async function send(
  part: Buffer,
  entry: Mutable<Request>,
  response: ServerResponse,
  fault: Extract<ServerFault, { kind: 'cut' | 'stall' | 'slow' }> | undefined,
): Promise<void> {
  const limit = fault && fault.kind !== 'slow' ? fault.after : part.length;
  const piece = fault?.kind === 'slow' ? fault.piece : Math.max(1, limit);
  response.flushHeaders();
  for (let at = 0; at < limit && !response.destroyed; at += piece) {
    const bytes = part.subarray(at, Math.min(limit, at + piece));
    await new Promise<void>((resolve) => response.write(bytes, () => resolve()));
    entry.sent += bytes.length;
    if (fault?.kind === 'slow') await pause(fault.pauseMs);
  }
  if (fault?.kind === 'stall') return;
  if (fault?.kind === 'cut' && limit < part.length) {
    // What was written has to leave the machine before the line goes dead.
    await pause(60);
    response.destroy();
    return;
  }
  response.end();
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
