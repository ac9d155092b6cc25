/**
 * What page and worker say to each other. Every call has a number and gets exactly one answer or
 * failure, unless it was cancelled; steps in between keep the page's clock running per step.
 */
import type { FaultData } from '../base/fault.ts';
import type { Manifest } from '../model/index.ts';
import type { ModelBytes } from '../model/types.ts';
import type { AffineMatrix } from '../preprocess/types.ts';
import type { Adjustment } from '../radiograph/types.ts';
import type {
  BackendId,
  BackendTrial,
  Embedded,
  Examination,
  Reading,
  SiteModel,
} from './types.ts';

/** Where a worker finds the model: the verified store of this origin, or bytes not yet stored. */
export type ModelSource = (
  | {
      readonly kind: 'store';
      /** Only this version is opened (`ModelReplaced` otherwise); absent: whichever is active. */
      readonly only?: { readonly id: string; readonly version: string } | null;
    }
  | { readonly kind: 'bytes'; readonly model: ModelBytes<Manifest> }
) & {
  /** Laid over it. */
  readonly site?: SiteModel | null;
};

/** How thoroughly a backend is tried. */
export interface TrialPlan {
  /** `all` for a decision, `one` for a backend that has passed before on this device. */
  readonly golden: 'all' | 'one';
  /** Timed runs after the first one; golden runs count. */
  readonly timedRuns: number;
  /** No further timed run is begun after this many milliseconds (golden runs are always done). */
  readonly budgetMs: number;
}

export interface OpenRequest {
  readonly backend: BackendId;
  readonly source: ModelSource;
  readonly plan: TrialPlan;
  readonly allowSoftware: boolean;
  /** Pictures will be read: the lung network is built once the answer has left. */
  readonly lungs: boolean;
}

export interface OpenReply {
  /** How the backend did; only after `passed` may it read pictures. */
  readonly trial: BackendTrial;
  /** Why it did not pass, where that was an error. */
  readonly fault: FaultData | null;
  readonly modelId: string;
  readonly modelVersion: string;
  readonly adapter: string | null;
}

export interface ReadRequest {
  readonly source: Blob;
  readonly withFeatures: boolean;
  /** See `DecodeOptions.readAnyway`. */
  readonly readAnyway?: boolean;
  /** See `DecodeOptions.frame`. */
  readonly frame?: number;
  /** Null: the classes alone. */
  readonly examine: Examination | null;
  readonly adjust: Adjustment | null;
}

/** The page adds `recovery`: only it knows of other workers. */
export type ReadReply = Omit<Reading, 'recovery'>;

export interface EmbedRequest {
  readonly source: Blob;
  readonly readAnyway?: boolean;
  /** One more run for each: the model input seen through this matrix. */
  readonly copies: readonly AffineMatrix[];
  /** Whether the model input itself is wanted. */
  readonly withInput: boolean;
  /** A node of the graph whose output is wanted as well. */
  readonly inner?: string | undefined;
}

/** Call name → what goes in and what comes out. */
export interface Calls {
  /** WebGPU adapter and WebGL renderer in one line. */
  identify: { request: null; reply: string };
  open: { request: OpenRequest; reply: OpenReply };
  read: { request: ReadRequest; reply: ReadReply };
  embed: { request: EmbedRequest; reply: Embedded };
  /** Tensors alive. */
  tensors: { request: null; reply: number };
}
export type CallName = keyof Calls;

/** `wait` has no time limit of its own: the work it waits for has one. */
export type Step = 'runtime' | 'model' | 'test' | 'wait' | 'decode' | 'preprocess' | 'inference';

export type ToWorker =
  | {
      [K in CallName]: {
        readonly kind: K;
        readonly id: number;
        readonly request: Calls[K]['request'];
      };
    }[CallName]
  | { readonly kind: 'cancel'; readonly id: number };

export type FromWorker =
  | { readonly kind: 'step'; readonly id: number; readonly step: Step }
  | { readonly kind: 'answer'; readonly id: number; readonly reply: Calls[CallName]['reply'] }
  | {
      readonly kind: 'failure';
      readonly id: number;
      readonly fault: FaultData;
      /** The worker can no longer be trusted; the same picture may do well in another one. */
      readonly broken: boolean;
    }
  /** The device was lost while nobody asked for anything, or in the middle of a run. */
  | { readonly kind: 'lost'; readonly fault: FaultData };
