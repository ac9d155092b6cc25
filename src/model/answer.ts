/**
 * What a server's answer to a file request is worth, from status and headers alone. Static hosts,
 * proxies and hospital networks answer in many ways; here is the whole list in one place.
 */
import { FileNotOnServer, ServerTrouble, WebPageInstead, WrongSize } from './errors.ts';

/** What was asked for. */
export interface Wanted {
  readonly path: string;
  /** Size of the whole file by the manifest. */
  readonly bytes: number;
  /** Bytes already stored; a Range request is sent if there are any. */
  readonly start: number;
  /** Validator of the stored bytes. */
  readonly etag: string | null;
}

/** The parts of a Response this module looks at. */
export interface AnswerFacts {
  readonly status: number;
  /** `cors`: from another origin, where most headers are hidden unless the server shows them. */
  readonly type: ResponseType;
  readonly headers: { get(name: string): string | null };
}

export type Answer =
  /** The body goes on after the stored bytes; `skip` bytes of it are stored already. */
  | { readonly kind: 'append'; readonly skip: number }
  /** The body is the whole file and the stored bytes are not its beginning: store it anew. */
  | { readonly kind: 'replace'; readonly etag: string | null };

/** The server has ranges, but not for what we hold: ask again for the whole file. Never shown. */
export class RangeUnusable extends Error {
  override readonly name = 'RangeUnusable';
}

/**
 * The request's own headers. The answer is never taken from the HTTP cache by the caller, so that a
 * damaged copy in there cannot come back for ever.
 * @param sameOrigin If-Range would make a request to another origin ask for permission first
 *   (CORS preflight), which plain file servers refuse; there the checksum alone decides
 */
export function requestHeaders(wanted: Wanted, sameOrigin: boolean): Record<string, string> {
  if (wanted.start === 0) return {};
  const range = { Range: `bytes=${wanted.start}-` };
  return wanted.etag !== null && sameOrigin ? { ...range, 'If-Range': wanted.etag } : range;
}

/**
 * @throws ServerTrouble (worth a retry), FileNotOnServer, WebPageInstead, WrongSize (not worth one),
 *   RangeUnusable (ask for the whole file)
 */
export function judgeAnswer(answer: AnswerFacts, wanted: Wanted): Answer {
  const { status, headers } = answer;
  if (status === 416) throw rangeRefused(headers, wanted);
  if (status >= 500 || status === 408 || status === 425 || status === 429) {
    throw new ServerTrouble(status, retryAfter(headers.get('Retry-After')));
  }
  if (status !== 200 && status !== 206) throw new FileNotOnServer(wanted.path, status);
  if (/html/i.test(headers.get('Content-Type') ?? '')) throw new WebPageInstead(wanted.path);
  return status === 206 ? judgePart(answer, wanted) : judgeWhole(answer, wanted);
}

function judgePart(answer: AnswerFacts, wanted: Wanted): Answer {
  if (wanted.start === 0 || isEncoded(answer)) {
    // A part of compressed bytes cannot be joined to decoded ones.
    throw new RangeUnusable('part of an encoded body, or a part nobody asked for');
  }
  const range = contentRange(answer.headers);
  if (!range) {
    // Another origin may hide the header; then the checksum says whether the part fits.
    if (answer.type === 'cors') return { kind: 'append', skip: 0 };
    throw new RangeUnusable('a part without Content-Range');
  }
  if (range.total !== null && range.total !== wanted.bytes) {
    throw new WrongSize(wanted.path, wanted.bytes, range.total);
  }
  if (range.start !== wanted.start) throw new RangeUnusable('another part than asked for');
  const etag = validator(answer);
  if (etag !== null && wanted.etag !== null && etag !== wanted.etag) {
    throw new RangeUnusable('part of a changed file');
  }
  return { kind: 'append', skip: 0 };
}

function judgeWhole(answer: AnswerFacts, wanted: Wanted): Answer {
  const length = answer.headers.get('Content-Length');
  // Content-Length counts the bytes on the wire. Of another origin it cannot be known whether they
  // are compressed, so there only the decoded bytes are counted.
  if (length !== null && answer.type !== 'cors' && !isEncoded(answer)) {
    const got = Number(length);
    if (Number.isInteger(got) && got !== wanted.bytes) {
      throw new WrongSize(wanted.path, wanted.bytes, got);
    }
  }
  const etag = validator(answer);
  // A server without ranges sends everything again; what is stored need not be lost for that.
  if (wanted.start > 0 && etag === wanted.etag) return { kind: 'append', skip: wanted.start };
  return { kind: 'replace', etag };
}

function rangeRefused(headers: AnswerFacts['headers'], wanted: Wanted): Error {
  const total = /^bytes \*\/(\d+)$/.exec(headers.get('Content-Range') ?? '')?.[1];
  if (total !== undefined && Number(total) !== wanted.bytes) {
    return new WrongSize(wanted.path, wanted.bytes, Number(total));
  }
  return new RangeUnusable('range refused');
}

function isEncoded(answer: AnswerFacts): boolean {
  const encoding = answer.headers.get('Content-Encoding');
  return encoding !== null && encoding.trim().toLowerCase() !== 'identity';
}

/** A strong ETag of unencoded bytes: the only one If-Range may carry (RFC 9110, 13.1.5). */
function validator(answer: AnswerFacts): string | null {
  const etag = answer.headers.get('ETag');
  const usable = etag !== null && etag.startsWith('"') && !isEncoded(answer);
  return usable && answer.type !== 'cors' ? etag : null;
}

function contentRange(
  headers: AnswerFacts['headers'],
): { start: number; total: number | null } | null {
  const match = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers.get('Content-Range')?.trim() ?? '');
  if (!match) return null;
  return { start: Number(match[1]), total: match[2] === '*' ? null : Number(match[2]) };
}

/** Seconds, from either form of the header (RFC 9110, 10.2.3). */
function retryAfter(header: string | null): number | null {
  if (header === null) return null;
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : null;
}

/**
 * True if the first bytes of a file are those of a web page: hosts that answer every unknown address
 * with their start page sometimes call it something else.
 */
export function looksLikeWebPage(head: Uint8Array): boolean {
  const text = new TextDecoder('utf-8').decode(head.subarray(0, 256)).trimStart().toLowerCase();
  return /^<(!doctype|html|head|body|script|meta|title|!--|\?xml)/.test(text);
}
