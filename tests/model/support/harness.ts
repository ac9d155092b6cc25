/** What the browser tests of the model store share. */
import { afterEach, expect } from 'vitest';
import { Fault } from '../../../src/base/fault.ts';
import {
  openModelStore,
  type InstallOptions,
  type InstallProgress,
  type Manifest,
  type ModelStore,
  type ModelStoreOptions,
} from '../../../src/model/index.ts';
import type { FixtureModel } from './fixture-model.ts';

/** Short waits: the faults are real, only the patience is not. */
export const HASTY = {
  retry: { attempts: 5, firstDelayMs: 10, maxDelayMs: 40 },
  stallMs: 4000,
  chunkBytes: 16 * 1024,
} satisfies ModelStoreOptions;

let count = 0;
const opened: { name: string; store: ModelStore<Manifest> }[] = [];

export function freshName(): string {
  count += 1;
  return `test-model-${Date.now()}-${count}`;
}

export async function open(
  name: string = freshName(),
  options: ModelStoreOptions = {},
): Promise<ModelStore<Manifest>> {
  const store = await openModelStore({ name, ...HASTY, ...options });
  opened.push({ name, store });
  return store;
}

afterEach(async () => {
  const names = new Set<string>();
  for (const { name, store } of opened.splice(0)) {
    store.close();
    names.add(name);
  }
  for (const name of names) await deleteDatabase(name);
});

function deleteDatabase(name: string): Promise<void> {
  return new Promise((resolve) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = request.onerror = request.onblocked = () => resolve();
  });
}

/** Options of an install whose self-test passes; progress is gathered in `seen`. */
export function trusting(
  more: Partial<InstallOptions<Manifest>> = {},
): InstallOptions<Manifest> & { seen: InstallProgress[] } {
  const seen: InstallProgress[] = [];
  return {
    seen,
    onProgress: (progress) => void seen.push(progress),
    selfTest: () => Promise.resolve(),
    ...more,
  };
}

/** The Fault a promise rejects with; anything else fails the test. */
export async function faultOf(promise: Promise<unknown>): Promise<Fault> {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(Fault);
  const fault = error as Fault;
  // Whatever goes wrong, a person is told what happened and what to do.
  expect(fault.message).toMatch(/\.$/);
  expect(fault.remedy).toMatch(/\.$/);
  return fault;
}

/** The store gives back exactly the fixture's bytes, shards in the graph's order. */
export async function expectStored(
  store: ModelStore<Manifest>,
  model: FixtureModel,
): Promise<void> {
  const read = await store.read();
  expect(read.manifest).toEqual(model.manifest);
  const [graph, ...shards] = [...model.files.values()];
  expect(read.graph).toEqual(JSON.parse(new TextDecoder().decode(graph)));
  expect(read.shards.length).toBe(shards.length);
  for (const [index, shard] of shards.reverse().entries()) {
    expect(equal(new Uint8Array(read.shards[index]), shard)).toBe(true);
  }
  expect(await store.quickCheck()).toMatchObject({ ok: true, damaged: [] });
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

/** A promise with its handles outside. */
export function deferred<T>(): {
  promise: Promise<T>;
  resolve: (value: T) => void;
  reject: (reason: unknown) => void;
} {
  let resolve!: (value: T) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

/** A plain connection to a store's database, for looking inside and for damage. */
export function rawDatabase(name: string): Promise<IDBDatabase> {
  return asPromise(indexedDB.open(name));
}

export function asPromise<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('no reason given'));
  });
}

/** Runs one write in the store's database behind its back. */
export async function tamper(
  name: string,
  stores: string[],
  write: (tx: IDBTransaction) => void | Promise<void>,
): Promise<void> {
  const db = await rawDatabase(name);
  const tx = db.transaction(stores, 'readwrite');
  await write(tx);
  await new Promise<void>((resolve, reject) => {
    tx.oncomplete = () => resolve();
    tx.onabort = () => reject(tx.error ?? new Error('aborted'));
  });
  db.close();
}
