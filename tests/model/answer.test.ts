import { describe, expect, it } from 'vitest';
import {
  judgeAnswer,
  looksLikeWebPage,
  requestHeaders,
  type AnswerFacts,
  type Wanted,
} from '../../src/model/answer.ts';
import { ServerTrouble } from '../../src/model/errors.ts';

const ETAG = '"abc"';
const FRESH: Wanted = { path: 'w.bin', bytes: 1000, start: 0, etag: null };
const RESUMED: Wanted = { path: 'w.bin', bytes: 1000, start: 400, etag: ETAG };

function answer(
  status: number,
  headers: Record<string, string> = {},
  type: ResponseType = 'basic',
): AnswerFacts {
  return { status, type, headers: new Headers(headers) };
}

function refusal(facts: AnswerFacts, wanted: Wanted): string {
  try {
    judgeAnswer(facts, wanted);
  } catch (error) {
    return (error as Error).name;
  }
  return 'taken';
}

describe('a file request', () => {
  it('asks for the rest only if the stored beginning is still of the same file', () => {
    expect(requestHeaders(FRESH, true)).toEqual({});
    expect(requestHeaders(RESUMED, true)).toEqual({ Range: 'bytes=400-', 'If-Range': ETAG });
    expect(requestHeaders({ ...RESUMED, etag: null }, true)).toEqual({ Range: 'bytes=400-' });
  });

  it('needs no permission of another origin', () => {
    expect(requestHeaders(RESUMED, false)).toEqual({ Range: 'bytes=400-' });
  });
});

describe('an answer with the whole file', () => {
  it('replaces what is stored and keeps a validator that If-Range may carry', () => {
    expect(judgeAnswer(answer(200, { ETag: ETAG }), FRESH)).toEqual({
      kind: 'replace',
      etag: ETAG,
    });
    expect(judgeAnswer(answer(200, { ETag: 'W/"abc"' }), FRESH)).toMatchObject({ etag: null });
    const packed = answer(200, { ETag: ETAG, 'Content-Encoding': 'gzip' });
    expect(judgeAnswer(packed, FRESH)).toMatchObject({ etag: null });
  });

  it('to a request for the rest is used from where the stored bytes end, if it is the same file', () => {
    expect(judgeAnswer(answer(200, { ETag: ETAG }), RESUMED)).toEqual({
      kind: 'append',
      skip: 400,
    });
    expect(judgeAnswer(answer(200), { ...RESUMED, etag: null })).toMatchObject({ skip: 400 });
    expect(judgeAnswer(answer(200, { ETag: '"new"' }), RESUMED)).toEqual({
      kind: 'replace',
      etag: '"new"',
    });
  });

  it('of another length is refused before a byte is read, unless the length is of encoded bytes', () => {
    expect(refusal(answer(200, { 'Content-Length': '999' }), FRESH)).toBe('WrongSize');
    expect(refusal(answer(200, { 'Content-Length': '1000' }), FRESH)).toBe('taken');
    const packed = { 'Content-Length': '640', 'Content-Encoding': 'br' };
    expect(refusal(answer(200, packed), FRESH)).toBe('taken');
    expect(refusal(answer(200, { 'Content-Length': '640' }, 'cors'), FRESH)).toBe('taken');
  });

  it('is no file if it is a web page', () => {
    const page = { 'Content-Type': 'text/html; charset=utf-8' };
    expect(refusal(answer(200, page), FRESH)).toBe('WebPageInstead');
    expect(refusal(answer(200, { 'Content-Type': 'application/xhtml+xml' }), FRESH)).toBe(
      'WebPageInstead',
    );
    expect(refusal(answer(206, page), RESUMED)).toBe('WebPageInstead');
  });
});

describe('an answer with a part', () => {
  const part = (range: string, more: Record<string, string> = {}): AnswerFacts =>
    answer(206, { 'Content-Range': range, ...more });

  it('is appended if it is the part asked for', () => {
    expect(judgeAnswer(part('bytes 400-999/1000', { ETag: ETAG }), RESUMED)).toEqual({
      kind: 'append',
      skip: 0,
    });
    expect(judgeAnswer(part('bytes 400-999/*'), RESUMED)).toMatchObject({ kind: 'append' });
  });

  it.each([
    ['another start', part('bytes 390-999/1000')],
    ['a changed file', part('bytes 400-999/1000', { ETag: '"new"' })],
    ['encoded bytes', part('bytes 400-999/1000', { 'Content-Encoding': 'gzip' })],
    ['no Content-Range', answer(206)],
    ['a broken Content-Range', part('400-999')],
  ])('is not joined: %s', (_, facts) => {
    expect(refusal(facts, RESUMED)).toBe('RangeUnusable');
  });

  it('nobody asked for is not taken', () => {
    expect(refusal(part('bytes 0-99/1000'), FRESH)).toBe('RangeUnusable');
  });

  it('of a file of another size is of another file', () => {
    expect(refusal(part('bytes 400-899/900'), RESUMED)).toBe('WrongSize');
  });

  it('from another origin may hide its headers: the checksum decides', () => {
    expect(judgeAnswer(answer(206, {}, 'cors'), RESUMED)).toMatchObject({ kind: 'append' });
  });
});

describe('a refusal', () => {
  it.each([
    [500, 'ServerTrouble'],
    [503, 'ServerTrouble'],
    [429, 'ServerTrouble'],
    [408, 'ServerTrouble'],
    [404, 'FileNotOnServer'],
    [403, 'FileNotOnServer'],
    [204, 'FileNotOnServer'],
    [304, 'FileNotOnServer'],
  ])('with status %i is a %s', (status, name) => {
    expect(refusal(answer(status), FRESH)).toBe(name);
  });

  it('of the range says whether the file is another one', () => {
    expect(refusal(answer(416, { 'Content-Range': 'bytes */300' }), RESUMED)).toBe('WrongSize');
    expect(refusal(answer(416, { 'Content-Range': 'bytes */1000' }), RESUMED)).toBe(
      'RangeUnusable',
    );
    expect(refusal(answer(416), RESUMED)).toBe('RangeUnusable');
  });

  it.each([
    ['7', 7],
    [new Date(Date.now() + 30_000).toUTCString(), 30],
    ['soon', null],
  ])('with Retry-After “%s” says when to come back', (header, seconds) => {
    let trouble: unknown;
    try {
      judgeAnswer(answer(503, { 'Retry-After': header }), FRESH);
    } catch (error) {
      trouble = error;
    }
    expect(trouble).toBeInstanceOf(ServerTrouble);
    const told = (trouble as ServerTrouble).retryAfter;
    if (seconds === null || told === null) expect(told).toBe(seconds);
    else expect(Math.abs(told - seconds)).toBeLessThan(2);
  });
});

describe('the look of a web page', () => {
  const look = (text: string): boolean => looksLikeWebPage(new TextEncoder().encode(text));

  it.each(['<!DOCTYPE html>', '\n\t <html lang="en">', '\ufeff<!-- hi --><html>', '<?xml version'])(
    'is seen in %j',
    (text) => expect(look(text)).toBe(true),
  );

  it('is not seen in models', () => {
    expect(look('{"format":"graph-model"}')).toBe(false);
    expect(look('<')).toBe(false);
    expect(looksLikeWebPage(Uint8Array.of(0, 60, 104, 116, 109, 108))).toBe(false);
  });
});
