/** The inside of a worker that trains the end of the network: one tail, one backend, one port. */
import { Fault } from '../../base/fault.ts';
import type { Manifest } from '../../model/index.ts';
import { chestPhantom } from '../../model/index.ts';
import type { ModelBytes } from '../../model/types.ts';
import { startBackend } from '../worker/engine/backends.ts';
import { knownAnswerTest } from '../worker/engine/known-answer.ts';
import { withSite } from '../worker/engine/site-model.ts';
import { createTfjsEngine } from '../worker/engine/tfjs-engine.ts';
import { webglFacts, webgpuFacts } from '../worker/engine/adapter.ts';
import { EngineFailed, toFault } from '../errors.ts';
import type { BackendId } from '../types.ts';
import { checkGradients } from './check.ts';
import { TailLost } from './errors.ts';
import { tailOf } from './tail-graph.ts';
import type { FromTail, NamedWeights, TailCall, TailCalls, ToTail } from './tail-protocol.ts';
import { Tail } from './tail.ts';

type ReadModel = () => Promise<ModelBytes<Manifest>>;

export class TailHost {
  readonly #port: MessagePort;
  readonly #read: (request: TailCalls['open']['request']['source']) => ReturnType<ReadModel>;
  #tail: Tail | null = null;
  #backend: BackendId = 'cpu';
  #alive: () => boolean = () => true;
  #lost: Promise<never> = new Promise(() => undefined);
  #last: Promise<void> = Promise.resolve();

  constructor(
    port: MessagePort,
    read: (source: TailCalls['open']['request']['source']) => ReturnType<ReadModel>,
  ) {
    this.#port = port;
    this.#read = read;
    port.onmessage = ({ data }: MessageEvent<ToTail>) => {
      this.#last = this.#last.then(() => this.#serve(data));
    };
  }

  async #serve(message: ToTail): Promise<void> {
    const { id } = message;
    try {
      const reply = await Promise.race([this.#answer(message), this.#lost]);
      if (!this.#alive()) throw new TailLost('its context was lost.');
      this.#port.postMessage({ id, reply } satisfies FromTail, transferables(reply));
    } catch (error) {
      const fault = this.#alive() ? faultOf(error) : new TailLost('its context was lost.');
      this.#port.postMessage({ id, fault: fault.toData() } satisfies FromTail);
    }
  }

  async #answer(message: ToTail): Promise<TailCalls[TailCall]['reply']> {
    switch (message.kind) {
      case 'open':
        return this.#open(message.request);
      case 'golden':
        return this.#golden(message.request.source, message.request.weights);
      case 'check':
        return checkGradients(this.#backend);
      default:
        return this.#ask(message, this.#tail);
    }
  }

  async #ask(
    message: Exclude<ToTail, { kind: 'open' | 'golden' | 'check' }>,
    tail: Tail | null,
  ): Promise<TailCalls[TailCall]['reply']> {
    if (!tail) throw new EngineFailed('no tail is open');
    switch (message.kind) {
      case 'forward': {
        const { values, count, keep } = message.request;
        const pooled = await tail.forward(values, count, keep);
        if (!pooled.every(Number.isFinite)) throw new TailLost('it answered no numbers.');
        return pooled;
      }
      case 'backward':
        tail.backward(message.request);
        return null;
      case 'step':
        tail.step(message.request);
        return null;
      case 'restore':
        tail.restore(message.request);
        return null;
      case 'gradients':
        return tail.gradients();
      case 'weights':
        return tail.weights();
      case 'state':
        return tail.state();
    }
  }

  async #open({
    backend,
    source,
    block,
  }: TailCalls['open']['request']): Promise<TailCalls['open']['reply']> {
    const [model, facts, started] = await Promise.all([
      this.#read(source),
      backend === 'webgpu' ? webgpuFacts() : backend === 'webgl' ? webglFacts() : null,
      // An imitated graphics processor is measured like any other: it says itself how slow it is.
      startBackend(backend, { allowSoftware: true }),
    ]);
    this.#backend = backend;
    this.#alive = started.alive;
    this.#lost = started.lost.then((error) => {
      throw new TailLost(error.message);
    });
    this.#lost.catch(() => undefined);
    this.#tail = new Tail(tailOf(model.graph, model.shards, block));
    return { adapter: started.adapter, software: facts?.software ?? false };
  }

  /** On WASM, which every device has and which gave the delivered answers right; else in plain JavaScript. */
  async #golden(
    source: TailCalls['golden']['request']['source'],
    weights: NamedWeights,
  ): Promise<number[][]> {
    const model = await this.#read(source);
    const { manifest } = model;
    const { id, version } = manifest;
    const options = { allowSoftware: true };
    const engine = await createTfjsEngine('wasm', options).catch(() =>
      createTfjsEngine('cpu', options),
    );
    const site = {
      ...{ base: { id, version }, version, temperature: 1, gateCenters: null },
      head: { weights: new Float32Array(0), biases: new Float32Array(0) },
      overlay: { weights, golden: manifest.golden.map(({ logits }) => logits) },
    };
    await engine.load(model);
    const test = await knownAnswerTest(engine, manifest, {
      golden: 'one',
      timedRuns: 0,
      budgetMs: 0,
    });
    if (test.outcome !== 'passed') throw new EngineFailed(test.detail);
    engine.dispose();
    await engine.load(withSite(model, site));
    const answers: number[][] = [];
    for (const { variant } of manifest.golden) {
      const values = chestPhantom(manifest.input.shape[1], variant);
      answers.push(Array.from((await engine.run({ kind: 'values', values })).logits));
    }
    engine.dispose();
    return answers;
  }
}

function faultOf(error: unknown): Fault {
  return error instanceof Fault ? error : toFault(error);
}

function transferables(reply: TailCalls[TailCall]['reply']): Transferable[] {
  if (reply instanceof Float32Array) return [reply.buffer];
  return [];
}
