/** Which version the server offers: current.json, then the manifest it names. */
import * as v from 'valibot';
import { looksLikeWebPage } from './answer.ts';
import { delayFor, waitToRetry, type RetryPolicy } from './backoff.ts';
import { sha256 } from './digest.ts';
import {
  DownloadStalled,
  FileNotOnServer,
  ManifestUnusable,
  ModelTooNew,
  ServerTrouble,
  ServerUnreachable,
  WebPageInstead,
} from './errors.ts';
import { requireCurrent, requireReadable } from './contract.ts';
import { faultOfAssurance, faultOfInput } from './manifest/assurance-check.ts';
import { CurrentSchema, ManifestSchema, type Manifest } from './manifest.ts';
import { StallGuard } from './stall.ts';

const CONTRACT_SCHEMA = 1;
/** A manifest is some ten kilobytes; more than this is something else. */
const JSON_LIMIT = 4 * 1024 * 1024;

export interface Offer {
  readonly manifest: Manifest;
  /** `id@version/` and the first 12 hex digits of the manifest's SHA-256. */
  readonly key: string;
  /** The manifest's folder relative to the base, ending in a slash; empty if it is the base itself. */
  readonly folder: string;
}

export interface OfferOptions {
  readonly signal?: AbortSignal;
  readonly retry: RetryPolicy;
  readonly stallMs: number;
}

/**
 * The manifest, trusted after this: every path stays inside its folder, every size and hash is one.
 * @throws ManifestUnusable, naming the first thing wrong; ModelTooNew
 */
export function parseManifest(json: unknown): Manifest {
  const told = v.safeParse(v.object({ schema: v.number(), version: v.string() }), json);
  if (told.success) {
    const { schema, version } = told.output;
    if (schema > CONTRACT_SCHEMA) throw new ModelTooNew(version);
    requireReadable(version);
  }
  const parsed = v.safeParse(ManifestSchema, json);
  if (!parsed.success) throw unusable('manifest.json', parsed.issues[0]);
  const manifest = parsed.output;
  const paths = new Set(manifest.files.map((file) => file.path));
  if (paths.size !== manifest.files.length) {
    throw new ManifestUnusable('manifest.json names a file twice');
  }
  if (!paths.has(manifest.graph)) {
    throw new ManifestUnusable('manifest.json does not list its own graph among the files');
  }
  const about = faultOfInput(manifest);
  if (about) throw new ManifestUnusable(`manifest.json, ${about}`);
  const sizes = new Map(manifest.files.map((file) => [file.path, file.bytes]));
  const fault = manifest.assurance && faultOfAssurance(manifest.assurance, (p) => sizes.get(p));
  if (fault) throw new ManifestUnusable(`manifest.json, “assurance”: ${fault}`);
  return manifest;
}

/** @throws Fault by name (ModelTooOld, ModelTooNew, …); the signal's reason when aborted */
export async function fetchOffer(base: URL, options: OfferOptions): Promise<Offer> {
  const currentText = await fetchText(new URL('current.json', base), 'current.json', options);
  const current = v.safeParse(CurrentSchema, parseJson(currentText, 'current.json'));
  if (!current.success) throw unusable('current.json', current.issues[0]);
  const { id, version, manifest: path } = current.output;
  const text = await fetchText(new URL(path, base), path, options);
  const manifest = parseManifest(parseJson(text, path));
  requireCurrent(manifest.version);
  if (manifest.id !== id || manifest.version !== version) {
    throw new ManifestUnusable(
      `current.json speaks of ${id} ${version}, ${path} of ${manifest.id} ${manifest.version}`,
    );
  }
  const fingerprint = (await sha256(new TextEncoder().encode(text))).slice(0, 12);
  return {
    manifest,
    key: `${id}@${version}/${fingerprint}`,
    folder: path.slice(0, path.lastIndexOf('/') + 1),
  };
}

function unusable(file: string, issue: v.BaseIssue<unknown>): ManifestUnusable {
  const place = v.getDotPath(issue);
  return new ManifestUnusable(`${file}${place ? `, “${place}”` : ''}: ${issue.message}`);
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new ManifestUnusable(`${path} is no JSON`, { cause: error });
  }
}

async function fetchText(url: URL, path: string, options: OfferOptions): Promise<string> {
  for (let failures = 1; ; failures += 1) {
    try {
      return await fetchTextOnce(url, path, options);
    } catch (error) {
      options.signal?.throwIfAborted();
      const trouble = error instanceof ServerTrouble;
      const again =
        trouble || error instanceof ServerUnreachable || error instanceof DownloadStalled;
      // Somebody is waiting for a first answer here: fewer tries than for a file half done.
      if (!again || failures >= Math.min(3, options.retry.attempts)) throw error;
      const delay = delayFor(failures, options.retry, trouble ? error.retryAfter : null);
      await waitToRetry(delay, options.signal);
    }
  }
}

async function fetchTextOnce(url: URL, path: string, options: OfferOptions): Promise<string> {
  const guard = new StallGuard(options.stallMs, options.signal);
  try {
    const response = await fetch(url, {
      cache: 'no-store',
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      signal: guard.signal,
    });
    const { status } = response;
    if (status >= 500 || status === 408 || status === 425 || status === 429) {
      throw new ServerTrouble(status);
    }
    if (status !== 200) throw new FileNotOnServer(path, status);
    if (/html/i.test(response.headers.get('Content-Type') ?? '')) {
      throw new WebPageInstead(path);
    }
    const bytes = await readAll(response, path, guard);
    if (looksLikeWebPage(bytes)) throw new WebPageInstead(path);
    return new TextDecoder().decode(bytes);
  } catch (error) {
    if (guard.signal.aborted) throw guard.signal.reason;
    // What fetch and a broken body throw; ours have a class of their own.
    throw error instanceof TypeError ? new ServerUnreachable({ cause: error }) : error;
  } finally {
    guard.stop();
  }
}

async function readAll(response: Response, path: string, guard: StallGuard): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  const reader = response.body?.getReader();
  for (;;) {
    const step = await reader?.read();
    if (!step || step.done) break;
    guard.pet();
    length += step.value.length;
    if (length > JSON_LIMIT) {
      await reader?.cancel();
      throw new ManifestUnusable(`${path} is larger than any description of a model`);
    }
    pieces.push(step.value);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
