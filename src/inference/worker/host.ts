/** The worker's inside: one engine, one model, pictures in, readings out. */
import type { Fault } from '../../base/fault.ts';
import { openModelStore } from '../../model/index.ts';
import {
  BackendUnavailable,
  EngineFailed,
  ModelReplaced,
  SoftwareOnly,
  toFault,
} from '../errors.ts';
import {
  FEATURE_DEPTH,
  FEATURE_SIDE,
  type InferenceEngine,
  type SideNetworkForm,
} from './engine/engine.ts';
import { knownAnswerTest } from './engine/known-answer.ts';
import type {
  EmbedRequest,
  ModelSource,
  OpenReply,
  OpenRequest,
  ReadReply,
  ReadRequest,
  Step,
} from '../protocol.ts';
import { withSite, type SiteBytes } from './engine/site-model.ts';
import { Examiner } from './evidence/examiner.ts';
import { PicturePath } from './picture-path.ts';
import type { BackendTrial, Embedded } from '../types.ts';

/**
 * The delivered model as it is stored or was given, with the site's laid over it.
 * @throws ModelReplaced, SiteModelMismatch, and the store's faults
 */
export async function readModel(source: ModelSource): Promise<SiteBytes> {
  if (source.kind === 'bytes') return withSite(source.model, source.site);
  const store = await openModelStore();
  try {
    const model = await store.read();
    const { id, version } = model.manifest;
    const { only } = source;
    if (only && (only.id !== id || only.version !== version)) {
      throw new ModelReplaced(`${only.id} ${only.version}`, `${id} ${version}`);
    }
    return withSite(model, source.site);
  } finally {
    store.close();
  }
}

export class InferenceHost {
  readonly #onLost: (fault: Fault) => void;
  #engine: InferenceEngine | null = null;
  #path: PicturePath | null = null;

  constructor(onLost: (fault: Fault) => void) {
    this.#onLost = onLost;
  }

  /**
   * Starts the backend, loads the model, runs the known-answer test. What the backend cannot do is
   * told in `trial`; only a model that cannot be read at all is thrown.
   */
  async open(request: OpenRequest, step: (step: Step) => void): Promise<OpenReply> {
    step('runtime');
    // Side by side: fetching and compiling the runtime, and reading the model from the store.
    const starting = startEngine(request);
    const reading = readModel(request.source);
    const [started, read] = await Promise.allSettled([starting, reading]);
    if (read.status === 'rejected') {
      if (started.status === 'fulfilled') started.value.dispose();
      throw read.reason;
    }
    const model = read.value;
    const site = request.source.site ?? null;
    const { id, version } = model.manifest;
    const told = { modelId: id, modelVersion: site?.version ?? version };
    if (started.status === 'rejected') {
      const fault = toFault(started.reason);
      return { trial: trialOf(request, fault), fault: fault.toData(), adapter: null, ...told };
    }
    const engine = started.value;
    void engine.lost.then((error) => this.#onLost(toFault(error)));
    try {
      step('model');
      await engine.load(model);
      step('test');
      let trial = await knownAnswerTest(engine, model.manifest, request.plan);
      if (trial.outcome === 'passed') {
        this.#engine = engine;
        this.#path = new PicturePath(
          engine,
          told,
          new Examiner(engine, model, { site }),
          site?.head ?? null,
          model.delivered ? await engine.addNetwork(model.delivered, featuresOf(model)) : null,
        );
        const wrong = await this.#path.prepareGpuInput();
        if (wrong !== null) {
          const note = `Pictures are prepared by the processor, because the graphics processor does it otherwise: ${wrong}.`;
          trial = { ...trial, detail: `${trial.detail} ${note}` };
        }
        // While the person still looks for the file; a picture that is there already waits for it.
        if (request.lungs) setTimeout(() => void this.#path?.openLungs(), 0);
      }
      return { trial, fault: null, adapter: engine.adapter, ...told };
    } catch (error) {
      const fault = toFault(error);
      return {
        trial: trialOf(request, fault),
        fault: fault.toData(),
        adapter: engine.adapter,
        ...told,
      };
    }
  }

  read(request: ReadRequest, step: (step: Step) => void, signal: AbortSignal): Promise<ReadReply> {
    if (!this.#path) throw new EngineFailed('no model is loaded');
    return this.#path.read(request, step, signal);
  }

  embed(request: EmbedRequest, step: (step: Step) => void, signal: AbortSignal): Promise<Embedded> {
    if (!this.#path) throw new EngineFailed('no model is loaded');
    return this.#path.embed(request, step, signal);
  }

  tensors(): number {
    return this.#engine?.tensors() ?? 0;
  }
}

/** The delivered network beside the tuned one: its features are what gate and probes were fitted on. */
function featuresOf({ manifest }: SiteBytes): SideNetworkForm {
  const length = FEATURE_SIDE * FEATURE_SIDE * FEATURE_DEPTH;
  return { input: manifest.input, output: manifest.outputs.features, length };
}

/** Another runtime is chosen here. */
async function startEngine(request: OpenRequest): Promise<InferenceEngine> {
  const { createTfjsEngine } = await import('./engine/tfjs-engine.ts');
  return createTfjsEngine(request.backend, { allowSoftware: request.allowSoftware });
}

function trialOf(request: OpenRequest, fault: Fault): BackendTrial {
  const outcome =
    fault instanceof SoftwareOnly
      ? 'not-tried'
      : fault instanceof BackendUnavailable
        ? 'unavailable'
        : 'failed';
  return {
    backend: request.backend,
    outcome,
    maxError: null,
    medianMs: null,
    detail: fault.message,
  };
}
