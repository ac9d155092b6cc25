import type { AffineMatrix, PictureMeasures, PictureRect } from '../preprocess/types.ts';
import type { Adjustment, RadiographFacts } from '../radiograph/types.ts';

/**
 * A site's own answer on top of the stored model, made by `adaptation`: another last layer, and
 * perhaps some of the network's weights trained further.
 */
export interface SiteModel {
  /** The stored model it was made on; on any other one it is refused (`SiteModelMismatch`). */
  readonly base: { readonly id: string; readonly version: string };
  /** Told as the reading's model version. */
  readonly version: string;
  /** Divides its logits before the softmax. */
  readonly temperature: number;
  readonly head: {
    /** [1280, classes] row-major. */
    readonly weights: Float32Array;
    /** [classes] */
    readonly biases: Float32Array;
  };
  readonly overlay: WeightOverlay | null;
  /** More centers for the gate, [n, dimensions]; null: the gate does not fit this network any more. */
  readonly gateCenters: Float32Array | null;
}

/** Weights that take the place of the stored ones. */
export interface WeightOverlay {
  /** By the name they have in the graph, as long as those. */
  readonly weights: Readonly<Record<string, Float32Array>>;
  /** Logits of the graph with them, one list for each golden input of the manifest. */
  readonly golden: readonly (readonly number[])[];
}

/** Where the network can run. `cpu` (plain JavaScript) is the last way out, never chosen by speed. */
export type BackendId = 'webgpu' | 'webgl' | 'wasm' | 'cpu';

/** Seconds nobody has to guess: every step of one reading, in milliseconds. */
export interface ReadingTimings {
  readonly decode: number;
  readonly preprocess: number;
  readonly inference: number;
  /** The lung network, activation map, measures and copies. */
  readonly examination: number;
  /** From the request's arrival in the worker to the finished answer. */
  readonly total: number;
}

/** What a reading looks at besides the classes. Everything comes from the one run, but for: */
export interface Examination {
  /**
   * Two more runs: a mirrored copy and a slightly shifted one; `where-unclear` spares them where one
   * class is as good as certain (`CLEAR_CUT` in evidence/copies.ts says why that may be).
   */
  readonly copies: 'where-unclear' | 'always' | false;
}

/** What was measured for `assurance` to judge. */
export interface Evidence {
  /** class × 7 × 7, row-major: what each place adds to a logit (features × dense weights / 49). */
  readonly activation: Float32Array;
  /** One a class: the sum of a class's map plus this is its logit. */
  readonly biases: Float32Array;
  readonly measures: PictureMeasures;
  /** Null: the model brings no gate. */
  readonly gate: GateProjection | null;
  readonly lungs: LungMap;
  /** Perceptual hash of the whole picture (src/preprocess/picture-hash.ts). */
  readonly hash: string;
  /** Logits of the mirrored and the shifted copy; null if not asked for. */
  readonly copies: readonly [Float32Array, Float32Array] | 'not-needed' | null;
}

/** The embedding as the gate's statistics see it. */
export interface GateProjection {
  /** One number a row of the gate's directions: the projection first, then the probes. */
  readonly values: Float64Array;
  /** Mahalanobis distance to each of the gate's groups. */
  readonly distances: readonly number[];
  /** Logarithm of the share of the embedding that the projection does not see. */
  readonly residual: number;
}

export type LungMap =
  | {
      readonly state: 'done';
      readonly side: number;
      /** side × side, row-major, probability 0 … 1 of aerated lung. */
      readonly visible: Float32Array;
      /** The same with the lung behind heart and diaphragm. */
      readonly whole: Float32Array;
    }
  | { readonly state: 'none-in-model' }
  | { readonly state: 'failed'; readonly detail: string };

/** Which part of the picture the classifier saw. */
export type SeenPart =
  /** All of it: the model was made so. */
  | { readonly state: 'whole'; readonly rect: PictureRect }
  | { readonly state: 'lungs'; readonly rect: PictureRect }
  /**
   * All of it, because the lungs were not located: the lung network could not be run, found none, or
   * its box breaks the named limit of the manifest.
   */
  | { readonly state: 'not-located'; readonly rect: PictureRect; readonly why: string };

/** What the network said of one picture, before any judgement (that is `assurance`). */
export interface Reading {
  /** Order: COVID, Lung_Opacity, Normal, Viral Pneumonia, or a site's own classes. */
  readonly logits: Float32Array;
  /** Mean of the last feature map over its 7×7 places: 1280 numbers. */
  readonly embedding: Float32Array;
  /** [7,7,1280] row-major; only if asked for. */
  readonly features: Float32Array | null;
  /** Logits, embedding, features, gate, activation map and copies are of this part. */
  readonly seen: SeenPart;
  /** Only if an examination was asked for. */
  readonly evidence: Evidence | null;
  /** How the picture was changed before it was read; null: as it came. */
  readonly adjust: Adjustment | null;
  readonly picture: RadiographFacts;
  /** At most 192 px on the longer side; the receiver closes it. */
  readonly thumbnail: ImageBitmap | null;
  readonly backend: BackendId;
  readonly modelId: string;
  readonly modelVersion: string;
  readonly timings: ReadingTimings;
  /** Set when a backend failed during this reading and another one repeated it. */
  readonly recovery: Recovery | null;
}

export interface Recovery {
  readonly from: BackendId;
  readonly to: BackendId;
  /** One line for the user. */
  readonly message: string;
}

/** One backend's known-answer test and timing. */
export interface BackendTrial {
  readonly backend: BackendId;
  readonly outcome:
    'passed' | 'wrong-answer' | 'unavailable' | 'failed' | 'timed-out' | 'not-tried';
  /** Largest absolute difference from the manifest's golden logits. */
  readonly maxError: number | null;
  /** Median of a few runs after warm-up, ms. */
  readonly medianMs: number | null;
  readonly detail: string;
}

export type EngineState =
  | { readonly phase: 'idle' }
  | { readonly phase: 'starting'; readonly step: string }
  | { readonly phase: 'ready'; readonly backend: BackendId; readonly workers: number }
  | {
      readonly phase: 'failed';
      readonly code: string;
      readonly message: string;
      readonly remedy: string;
    };

export interface EngineReport {
  readonly chosen: BackendId | null;
  /** Why this one, in a sentence. */
  readonly reason: string;
  readonly choice: 'automatic' | 'by-hand' | 'safe-start';
  readonly trials: readonly BackendTrial[];
  readonly adapter: string | null;
  readonly testedAt: number | null;
  readonly workers: number;
  /** Starts that ended in a crash since the last good one. */
  readonly crashes: number;
}

export interface ScreenOptions {
  readonly signal?: AbortSignal;
  readonly withFeatures?: boolean;
  /** The user wants it read although its header speaks against it. */
  readonly readAnyway?: boolean;
  /** Which picture of a file that holds several, from 0. */
  readonly frame?: number;
  readonly examine?: Examination;
  /** Crop, turn or invert before reading. */
  readonly adjust?: Adjustment | null;
}

/** One failure in a batch: the rest goes on. Never an exception across the border. */
export interface ReadingFailure {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

/** A picture whose bytes are fetched when its turn comes: ten thousand cost little before. */
export interface LazyPicture {
  /** Rejects with a Fault that says why the bytes cannot be had, or the signal's reason. */
  open(signal?: AbortSignal): Promise<Blob>;
}

export type PictureInput = Blob | LazyPicture;

export interface BatchHandlers {
  readonly signal?: AbortSignal;
  readonly withFeatures?: boolean;
  /** Whether the user wants this one read although its header speaks against it. */
  readAnyway?(index: number): boolean;
  /** Which picture of a file that holds several, from 0 (default). */
  frame?(index: number): number;
  readonly examine?: Examination;
  /** By place in `sources`: crop, turn or invert before reading. */
  readonly adjust?: readonly (Adjustment | null | undefined)[];
  /** Called as results come, in any order. */
  onReading(index: number, reading: Reading): void;
  onFailure(index: number, failure: ReadingFailure): void;
  /** After every file, `done` of `total`. */
  onProgress?(done: number, total: number): void;
}

/** One picture, and changed copies of it, as the network sees them just before its last layer. */
export interface Embedded {
  /** [1 + copies, 1280] row-major: the picture itself first. */
  readonly embeddings: Float32Array;
  /** [1 + copies, 4] row-major: what the installed head makes of them. */
  readonly logits: Float32Array;
  /** 224 × 224, row-major, 0 … 1: what the classifier saw of the picture; only if asked for. */
  readonly input: Float32Array | null;
  /** [1 + copies, …] row-major: the output of the inner node that was asked for. */
  readonly activations: Float32Array | null;
  readonly picture: RadiographFacts;
  readonly backend: BackendId;
}

export interface EmbedHandlers {
  readonly signal?: AbortSignal;
  readonly withInput?: boolean;
  /** A node of the graph whose output is wanted as well (`CUT_POINTS`). */
  readonly inner?: string | undefined;
  /** Whether the user wants this one although its header speaks against it. */
  readAnyway?(index: number): boolean;
  /** How the copies of this picture are changed; none without it. */
  copies?(index: number): readonly AffineMatrix[];
  /** Called as results come, in any order. */
  onEmbedded(index: number, embedded: Embedded): void;
  onFailure(index: number, failure: ReadingFailure): void;
  /** After every file, `done` of `total`. */
  onProgress?(done: number, total: number): void;
}

/**
 * The one interface the rest of the app knows of the runtime. The page's implementation
 * (`createScreeningService` in index.ts) talks to workers that own tfjs.
 */
export interface ScreeningService {
  readonly state: EngineState;
  /** Returns the function that unsubscribes. */
  onState(listener: (state: EngineState) => void): () => void;
  /** Loads the active model from the store, picks the backend (from memory or by trial). Idempotent. */
  start(signal?: AbortSignal): Promise<void>;
  screen(source: Blob, options?: ScreenOptions): Promise<Reading>;
  /** `sources` may grow while the batch runs: what is added before its end is read as well. */
  screenMany(sources: readonly PictureInput[], handlers: BatchHandlers): Promise<void>;
  /**
   * Embeddings of many pictures, shared among the workers as `screenMany` does: decoded, brought to
   * the model input and run, nothing judged. On one backend the same file gives the same numbers.
   */
  embedMany(sources: readonly PictureInput[], handlers: EmbedHandlers): Promise<void>;
  report(): EngineReport;
  /** Runs every backend's trial again. */
  retest(signal?: AbortSignal): Promise<EngineReport>;
  /** By hand ('auto' gives the choice back to measurement). Rejects if that backend fails its trial. */
  chooseBackend(backend: BackendId | 'auto'): Promise<EngineReport>;
  /** Tensors alive in the main worker; flat over any number of readings. */
  tensors(): Promise<number>;
  dispose(): void;
}
