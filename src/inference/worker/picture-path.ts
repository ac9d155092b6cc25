/**
 * Blob → decode → model input → logits and features, inside the worker. Two stages, each one picture
 * at a time: while the network runs, the next picture is already decoded and preprocessed.
 */
import {
  createGpuPreprocessor,
  grayLevelsOf,
  MODEL_SIZE,
  pictureToModelInput,
  warp,
  type GpuPreprocessor,
} from '../../preprocess/index.ts';
import { adjustPicture, closePicture, factsOf } from '../../radiograph/index.ts';
import type { DecodedPicture, RadiographFacts } from '../../radiograph/types.ts';
import { Fault } from '../../base/fault.ts';
import { DeviceLost, OutOfMemory, toFault } from '../errors.ts';
import { checkGpuInput } from './gpu-input-check.ts';
import {
  CLASS_COUNT,
  FEATURE_DEPTH,
  type EngineInput,
  type EngineOutput,
  type InferenceEngine,
  type SideNetwork,
} from './engine/engine.ts';
import { denseLogits } from './engine/site-model.ts';
import type { Examiner } from './evidence/examiner.ts';
import { ALL_OF_IT, type Sight } from './evidence/sight.ts';
import type { DenseHead } from './evidence/head.ts';
import { ReadBack } from './evidence/read-back.ts';
import { EngineBroken, gpuFault } from './engine-broken.ts';
import { decode, drawThumbnail } from './open-picture.ts';
import { pooledEmbedding } from './pooling.ts';
import type { EmbedRequest, ReadReply, ReadRequest, Step } from '../protocol.ts';
import type { Embedded, Evidence, Examination, SeenPart } from '../types.ts';

interface Prepared {
  readonly input: EngineInput;
  readonly facts: RadiographFacts;
  /** Counted only for an examination. */
  readonly grayLevels: number | null;
  /** Drawn while the network runs; closes the picture. */
  readonly thumbnail: Promise<ImageBitmap | null>;
  readonly decodeMs: number;
  readonly preprocessMs: number;
}

/** What came of one turn at the engine. */
interface Run {
  readonly output: EngineOutput;
  readonly embedding: Float32Array;
  readonly seen: SeenPart;
  readonly evidence: Evidence | null;
  readonly inferenceMs: number;
  readonly examinationMs: number;
}

/** Runs one task after the other. */
class Turnstile {
  #last: Promise<unknown> = Promise.resolve();
  run<T>(task: () => Promise<T>): Promise<T> {
    const next = this.#last.then(task);
    this.#last = next.catch(() => undefined);
    return next;
  }
}

export class PicturePath {
  readonly #engine: InferenceEngine;
  readonly #model: { readonly modelId: string; readonly modelVersion: string };
  readonly #examiner: Examiner;
  /** A site's own last layer; null: the graph's. */
  readonly #head: DenseHead | null;
  /** The delivered network where a tuned one answers: gate and probes look at its features. */
  readonly #delivered: SideNetwork | null;
  readonly #preparing = new Turnstile();
  readonly #running = new Turnstile();
  #gpu: GpuPreprocessor | null = null;

  constructor(
    engine: InferenceEngine,
    model: { modelId: string; modelVersion: string },
    examiner: Examiner,
    head: DenseHead | null = null,
    delivered: SideNetwork | null = null,
  ) {
    this.#engine = engine;
    this.#model = model;
    this.#examiner = examiner;
    this.#head = head;
    this.#delivered = delivered;
  }

  /**
   * Prepares the compute pass on the engine's device, if it has one. Where its numbers are not
   * those of the CPU, the CPU prepares the input and the network still runs on the GPU.
   * @returns what was wrong, for the status page
   */
  async prepareGpuInput(): Promise<string | null> {
    const { device } = this.#engine;
    if (!device) return null;
    let preprocessor: GpuPreprocessor | null = null;
    let wrong: string | null;
    try {
      preprocessor = createGpuPreprocessor(device);
      wrong = await checkGpuInput(device, preprocessor);
    } catch (error) {
      wrong = error instanceof Error ? error.message : String(error);
    }
    if (wrong === null) this.#gpu = preprocessor;
    else preprocessor?.destroy();
    return wrong;
  }

  /** Gets the lung network ready before a picture asks for it. Never rejects. */
  openLungs(): Promise<void> {
    return this.#running.run(() => this.#examiner.lungs.open());
  }

  /**
   * @throws a Fault of `radiograph` if the file is at fault, EngineBroken if the engine is, the
   *   signal's reason if cancelled
   */
  async read(
    request: ReadRequest,
    step: (step: Step) => void,
    signal: AbortSignal,
  ): Promise<ReadReply> {
    const arrived = performance.now();
    step('wait');
    const prepared = await this.#preparing.run(() => this.#prepare(request, step, signal));
    step('wait');
    try {
      const { examine } = request;
      const run = await this.#running.run(() => this.#run(prepared, examine, step, signal));
      const { output, embedding, seen, evidence } = run;
      const thumbnail = await prepared.thumbnail;
      return {
        logits: output.logits,
        embedding,
        features: request.withFeatures ? output.features : null,
        seen,
        evidence,
        adjust: request.adjust,
        picture: prepared.facts,
        thumbnail,
        backend: this.#engine.backend,
        ...this.#model,
        timings: {
          decode: prepared.decodeMs,
          preprocess: prepared.preprocessMs,
          inference: run.inferenceMs,
          examination: run.examinationMs,
          total: performance.now() - arrived,
        },
      };
    } catch (error) {
      void prepared.thumbnail.then((bitmap) => bitmap?.close());
      throw error;
    }
  }

  /**
   * The picture's embedding and those of its changed copies. Copies are made of what the classifier
   * sees, in memory: a picture that has some, or is cropped, takes that path on every backend.
   * @throws as `read`
   */
  async embed(
    request: EmbedRequest,
    step: (step: Step) => void,
    signal: AbortSignal,
  ): Promise<Embedded> {
    const { copies, withInput, inner } = request;
    let activations: Float32Array | null = null;
    step('wait');
    const { input, facts } = await this.#preparing.run(async () => {
      signal.throwIfAborted();
      step('decode');
      const picture = await decode(request, signal);
      try {
        signal.throwIfAborted();
        step('preprocess');
        const onCpu = withInput || copies.length > 0 || this.#examiner.crops;
        return { input: this.#toInput(picture, onCpu), facts: factsOf(picture) };
      } finally {
        closePicture(picture);
      }
    });
    const embeddings = new Float32Array((1 + copies.length) * FEATURE_DEPTH);
    const logits = new Float32Array((1 + copies.length) * CLASS_COUNT);
    const run = async (place: number, what: EngineInput): Promise<void> => {
      step('wait');
      // Each run takes its turn: a picture that somebody waits for gets in between.
      const output = await this.#running.run(() => {
        if (signal.aborted) {
          if (what.kind === 'gpu') what.buffer.destroy();
          throw signal.reason;
        }
        step('inference');
        return this.#infer(what, inner);
      });
      if (output.inner) {
        activations ??= new Float32Array((1 + copies.length) * output.inner.length);
        activations.set(output.inner, place * output.inner.length);
      }
      embeddings.set(pooledEmbedding(output.features), place * FEATURE_DEPTH);
      logits.set(output.logits, place * CLASS_COUNT);
    };
    step('wait');
    const values = input.kind === 'values' ? await this.#part(input.values, signal) : null;
    await run(0, values ? { kind: 'values', values } : input);
    for (const [at, matrix] of values ? copies.entries() : []) {
      const changed = new Float32Array(MODEL_SIZE * MODEL_SIZE);
      warp(values as Float32Array<ArrayBuffer>, MODEL_SIZE, matrix, changed);
      await run(1 + at, { kind: 'values', values: changed });
    }
    return {
      embeddings,
      logits,
      input: withInput ? values : null,
      activations,
      picture: facts,
      backend: this.#engine.backend,
    };
  }

  /** The network, and whatever is to be examined while the engine is ours. */
  async #run(
    { input, grayLevels }: Prepared,
    examine: Examination | null,
    step: (step: Step) => void,
    signal: AbortSignal,
  ): Promise<Run> {
    if (signal.aborted) {
      if (input.kind === 'gpu') input.buffer.destroy();
      throw signal.reason;
    }
    // A model that is told nothing but the classes of the whole picture needs nothing in memory.
    const looked = performance.now();
    const whole = examine || this.#examiner.crops ? await this.#inMemory(input) : null;
    // The lung network has its own clock, so that its hanging costs no more than the lungs.
    step('wait');
    const sight = whole ? await this.#examiner.lookAt(whole) : null;
    step('inference');
    const begun = performance.now();
    const output = await this.#answer(sight ? { kind: 'values', values: sight.values } : input);
    const inferred = performance.now();
    const embedding = pooledEmbedding(output.features);
    let evidence: Evidence | null = null;
    if (examine && whole && sight) {
      const seenByGate = await this.#seenByGate(sight.values);
      evidence = await this.#examiner.examine(
        { output, embedding, whole, sight, grayLevels, seenByGate },
        examine,
        (copy) => {
          step('inference');
          return this.#answer({ kind: 'values', values: copy });
        },
      );
    }
    const examinationMs = begun - looked + performance.now() - inferred;
    const seen = sight?.part ?? ALL_OF_IT;
    return { output, embedding, seen, evidence, inferenceMs: inferred - begun, examinationMs };
  }

  /** What the classifier sees of a picture; takes its turn at the engine where that has to be found. */
  #part(whole: Float32Array, signal: AbortSignal): Promise<Float32Array> {
    if (!this.#examiner.crops) return Promise.resolve(whole);
    return this.#running.run(async (): Promise<Float32Array> => {
      signal.throwIfAborted();
      const sight: Sight = await this.#examiner.lookAt(whole);
      return sight.values;
    });
  }

  async #seenByGate(values: Float32Array): Promise<Float32Array | null> {
    try {
      return this.#delivered ? await this.#delivered.run(values) : null;
    } catch (error) {
      throw new EngineBroken(toFault(error));
    }
  }

  /** Frees the buffer. @throws EngineBroken: only a lost device cannot give back what was just written to it */
  async #inMemory(input: EngineInput): Promise<Float32Array> {
    if (input.kind === 'values') return input.values;
    const { device } = this.#engine;
    try {
      if (!device) throw new DeviceLost('its memory cannot be read');
      return await new ReadBack(device, input.buffer, MODEL_SIZE * MODEL_SIZE * 4).values();
    } catch (error) {
      throw new EngineBroken(gpuFault(error));
    } finally {
      input.buffer.destroy();
    }
  }

  /** With the logits of the site's own layer, where there is one. */
  async #answer(input: EngineInput): Promise<EngineOutput> {
    const output = await this.#infer(input);
    if (!this.#head) return output;
    return { ...output, logits: denseLogits(this.#head, pooledEmbedding(output.features)) };
  }

  async #infer(input: EngineInput, inner?: string): ReturnType<InferenceEngine['run']> {
    try {
      return await this.#engine.run(input, inner);
    } catch (error) {
      throw new EngineBroken(toFault(error));
    }
  }

  async #prepare(
    request: ReadRequest,
    step: (step: Step) => void,
    signal: AbortSignal,
  ): Promise<Prepared> {
    signal.throwIfAborted();
    step('decode');
    const begun = performance.now();
    const asStored = await decode(request, signal);
    const picture = request.adjust ? adjustPicture(asStored, request.adjust) : asStored;
    const decoded = performance.now();
    try {
      signal.throwIfAborted();
      step('preprocess');
      const input = this.#toInput(picture);
      const grayLevels = request.examine ? grayLevelsOf(picture) : null;
      const preprocessed = performance.now();
      return {
        input,
        facts: factsOf(picture),
        grayLevels,
        thumbnail: drawThumbnail(picture, input),
        decodeMs: decoded - begun,
        preprocessMs: preprocessed - decoded,
      };
    } catch (error) {
      closePicture(picture);
      throw error;
    }
  }

  #toInput(picture: DecodedPicture, onCpu = false): EngineInput {
    const gpu = onCpu ? null : this.#gpu;
    try {
      return gpu
        ? { kind: 'gpu', buffer: gpu.run(picture) }
        : { kind: 'values', values: pictureToModelInput(picture) };
    } catch (error) {
      const fault = gpu && !(error instanceof Fault) ? gpuFault(error) : toFault(error);
      throw fault instanceof DeviceLost || fault instanceof OutOfMemory
        ? new EngineBroken(fault)
        : fault;
    }
  }
}
