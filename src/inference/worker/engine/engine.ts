/**
 * The one interface that stands between Fieldray and whatever runs the network. It lives inside the
 * worker. tfjs ages: another runtime is another file beside tfjs-engine.ts and one line in host.ts.
 */
import type { Manifest } from '../../../model/index.ts';
import type { ModelBytes } from '../../../model/types.ts';
import type { BackendId } from '../../types.ts';

/** Side of the last feature map and its depth: features are [1,7,7,1280]. */
export const FEATURE_SIDE = 7;
export const FEATURE_DEPTH = 1280;
export const CLASS_COUNT = 4;

/** The model input, [1,224,224,1], 0 … 1: in memory, or already on the engine's own GPU device. */
export type EngineInput =
  | { readonly kind: 'values'; readonly values: Float32Array }
  /** STORAGE | COPY_SRC | COPY_DST, 224 × 224 float32. The engine destroys it after the run. */
  | { readonly kind: 'gpu'; readonly buffer: GPUBuffer };

export interface EngineOutput {
  /** 4 numbers, class order of the manifest. */
  readonly logits: Float32Array;
  /** 7 × 7 × 1280 numbers, row-major. */
  readonly features: Float32Array;
  /** What the inner node gave that was asked for; null if none was. */
  readonly inner: Float32Array | null;
}

/** Another graph on the same backend, with one input and one output. */
export interface SideNetwork {
  /** @param values the input, row-major, 0 … 1. Throws `DeviceLost`, `OutOfMemory`, `EngineFailed`. */
  run(values: Float32Array): Promise<Float32Array>;
  dispose(): void;
}

export interface SideNetworkForm {
  readonly input: { readonly name: string; readonly shape: readonly number[] };
  readonly output: string;
  /** Numbers the output has. */
  readonly length: number;
}

export interface InferenceEngine {
  readonly backend: BackendId;
  /** Who made the device, as the browser tells it; null where the browser tells nothing. */
  readonly adapter: string | null;
  /** What a support mail should know, e.g. that SIMD is missing. */
  readonly detail: string;
  /** The WebGPU device inputs may live on; null for every other backend. */
  readonly device: GPUDevice | null;
  /** Resolves when the device is lost; never rejects. */
  readonly lost: Promise<Error>;

  /** Builds the graph; the weights stay on the device. Throws `ModelUnusable`. Call once. */
  load(model: ModelBytes<Manifest>): Promise<void>;
  /** One execution gives both outputs. Throws `DeviceLost`, `OutOfMemory`, `EngineFailed`. */
  /** @param inner name of a node whose output is wanted as well */
  run(input: EngineInput, inner?: string): Promise<EngineOutput>;
  /** Builds a second graph beside the first. Throws `ModelUnusable`. */
  addNetwork(
    files: { readonly graph: unknown; readonly shards: readonly ArrayBuffer[] },
    form: SideNetworkForm,
  ): Promise<SideNetwork>;
  /** Tensors alive: flat over any number of runs. */
  tensors(): number;
  dispose(): void;
}
