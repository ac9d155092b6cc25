/** `InferenceEngine` on TensorFlow.js: a graph model on one backend, in this worker. */
import * as tf from '@tensorflow/tfjs-core';
import { loadGraphModel, type GraphModel } from '@tensorflow/tfjs-converter';
import type { Manifest } from '../../../model/index.ts';
import type { ModelBytes } from '../../../model/types.ts';
import { DeviceLost, EngineFailed, ModelUnusable, toFault } from '../../errors.ts';
import type { BackendId } from '../../types.ts';
import { startBackend, type StartedBackend, type StartOptions } from './backends.ts';
import {
  CLASS_COUNT,
  FEATURE_DEPTH,
  FEATURE_SIDE,
  type EngineInput,
  type EngineOutput,
  type InferenceEngine,
  type SideNetwork,
  type SideNetworkForm,
} from './engine.ts';
import { toModelArtifacts } from './graph-source.ts';

const FEATURE_COUNT = FEATURE_SIDE * FEATURE_SIDE * FEATURE_DEPTH;

/** Starts the backend; no model yet. Throws `BackendUnavailable` with the reason. */
export async function createTfjsEngine(
  backend: BackendId,
  options: StartOptions,
): Promise<InferenceEngine> {
  const started = await startBackend(backend, options);
  return new TfjsEngine(backend, started);
}

class TfjsEngine implements InferenceEngine {
  readonly backend: BackendId;
  readonly adapter: string | null;
  readonly detail: string;
  readonly device: GPUDevice | null;
  readonly lost: Promise<Error>;
  readonly #alive: () => boolean;
  #lossSeen: Error | null = null;
  #model: GraphModel | null = null;
  #manifest: Manifest | null = null;

  constructor(backend: BackendId, started: StartedBackend) {
    this.backend = backend;
    this.adapter = started.adapter;
    this.detail = started.detail;
    this.device = started.device;
    this.lost = started.lost;
    this.#alive = started.alive;
    void started.lost.then((error) => (this.#lossSeen = error));
  }

  async load(bytes: ModelBytes<Manifest>): Promise<void> {
    this.#model = await loadGraph(bytes);
    this.#manifest = bytes.manifest;
  }

  async run(input: EngineInput, inner?: string): Promise<EngineOutput> {
    const model = this.#model;
    const manifest = this.#manifest;
    if (!model || !manifest) throw new EngineFailed('no model is loaded');
    const shape = manifest.input.shape;
    let outputs: tf.Tensor[] = [];
    let x: tf.Tensor | null = null;
    try {
      x =
        input.kind === 'gpu'
          ? tf.tensor({ buffer: input.buffer, zeroCopy: true }, shape)
          : tf.tensor4d(input.values, shape);
      const result = model.execute({ [manifest.input.name]: x }, [
        manifest.outputs.logits,
        manifest.outputs.features,
        ...(inner === undefined ? [] : [inner]),
      ]);
      outputs = Array.isArray(result) ? result : [result];
      const [logits, features, third] = await Promise.all(
        outputs.map((tensor) => tensor.data<'float32'>()),
      );
      this.#assertAlive();
      return { ...checked(logits, features), inner: third ?? null };
    } catch (error) {
      this.#assertAlive();
      throw toFault(error);
    } finally {
      x?.dispose();
      for (const tensor of outputs) tensor.dispose();
      // zeroCopy: tfjs leaves the buffer to its maker. The read-back above has waited for its use.
      if (input.kind === 'gpu') input.buffer.destroy();
    }
  }

  async addNetwork(
    files: Pick<ModelBytes<Manifest>, 'graph' | 'shards'>,
    form: SideNetworkForm,
  ): Promise<SideNetwork> {
    const model = await loadGraph(files);
    return {
      run: (values) => this.#runSide(model, form, values),
      dispose: () => model.dispose(),
    };
  }

  tensors(): number {
    return tf.memory().numTensors;
  }

  dispose(): void {
    this.#model?.dispose();
    this.#model = null;
  }

  async #runSide(
    model: GraphModel,
    form: SideNetworkForm,
    values: Float32Array,
  ): Promise<Float32Array> {
    const x = tf.tensor(values, [...form.input.shape], 'float32');
    let output: tf.Tensor | null = null;
    try {
      const result = model.execute({ [form.input.name]: x }, [form.output]);
      output = Array.isArray(result) ? result[0] : result;
      const data = await output.data<'float32'>();
      this.#assertAlive();
      if (data.length !== form.length) {
        throw new ModelUnusable(`it answers ${data.length} numbers instead of ${form.length}`);
      }
      if (!data.every(Number.isFinite)) throw new EngineFailed('the answer is not a number');
      return data;
    } catch (error) {
      this.#assertAlive();
      throw toFault(error);
    } finally {
      x.dispose();
      output?.dispose();
    }
  }

  #assertAlive(): void {
    if (this.#lossSeen) throw this.#lossSeen;
    if (!this.#alive()) throw new DeviceLost('context lost');
  }
}

/** @throws ModelUnusable */
async function loadGraph(
  files: Pick<ModelBytes<Manifest>, 'graph' | 'shards'>,
): Promise<GraphModel> {
  const artifacts = toModelArtifacts(files.graph, files.shards);
  try {
    return await loadGraphModel({ load: () => Promise.resolve(artifacts) });
  } catch (error) {
    throw new ModelUnusable(error instanceof Error ? error.message : String(error), {
      cause: error,
    });
  }
}

/** A lost device and some drivers answer with nothing or with NaN instead of an error. */
function checked(
  logits: Float32Array | undefined,
  features: Float32Array | undefined,
): Omit<EngineOutput, 'inner'> {
  if (logits?.length !== CLASS_COUNT || features?.length !== FEATURE_COUNT) {
    throw new ModelUnusable(
      `it answers ${logits?.length ?? 0} and ${features?.length ?? 0} numbers instead of ${CLASS_COUNT} and ${FEATURE_COUNT}`,
    );
  }
  if (!logits.every(Number.isFinite)) throw new EngineFailed('the answer is not a number');
  return { logits, features };
}
