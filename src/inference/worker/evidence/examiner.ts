/** Everything that is measured beside the classes, from what one run of the network left behind. */
import { readGateTables, type GateTables, type Manifest } from '../../../model/index.ts';
import type { ModelBytes } from '../../../model/types.ts';
import { measurePicture, pictureHash } from '../../../preprocess/index.ts';
import type { EngineOutput, InferenceEngine } from '../engine/engine.ts';
import type { Evidence, Examination, SiteModel } from '../../types.ts';
import { pooledEmbedding } from '../pooling.ts';
import { activationMaps } from './activation.ts';
import { isClearCut, mirroredCopy, shiftedCopy } from './copies.ts';
import { denseHead, type DenseHead } from './head.ts';
import { LungReader, type LungLimits } from './lung-network.ts';
import { project } from './projection.ts';
import { cropOf, lookAt, type Sight } from './sight.ts';

/** What one reading left: */
export interface Leftovers {
  readonly output: EngineOutput;
  readonly embedding: Float32Array;
  /** The whole model input, 224 × 224. */
  readonly whole: Float32Array;
  readonly sight: Sight;
  /** Different values among the samples; null if unknown. */
  readonly grayLevels: number | null;
  /** The delivered network's features, where a tuned one answered: the gate was fitted on those. */
  readonly seenByGate: Float32Array | null;
}

export class Examiner {
  readonly #manifest: Manifest;
  readonly #head: DenseHead;
  readonly #temperature: number;
  readonly #tables: GateTables | null;
  readonly #moreCenters: Float32Array;
  readonly lungs: LungReader;

  /** @throws ModelUnusable, ManifestUnusable if the model's parts do not fit together */
  constructor(
    engine: InferenceEngine,
    model: ModelBytes<Manifest>,
    { limits, site = null }: { limits?: LungLimits; site?: SiteModel | null } = {},
  ) {
    const { manifest } = model;
    this.#manifest = manifest;
    this.#temperature = site?.temperature ?? manifest.temperature;
    this.#head = site?.head ?? denseHead(model.graph, model.shards, manifest.outputs.logits);
    const fits = site === null || site.gateCenters !== null;
    this.#tables =
      manifest.assurance && model.gate && fits
        ? readGateTables(manifest.assurance.gate, model.gate)
        : null;
    this.#moreCenters = site?.gateCenters ?? new Float32Array(0);
    this.lungs = new LungReader(engine, model, limits);
  }

  /** Whether the classifier sees only a part of each picture. */
  get crops(): boolean {
    return cropOf(this.#manifest) !== null;
  }

  /** Nothing else may run on the engine meanwhile. @param whole the model input, 224 × 224 */
  lookAt(whole: Float32Array): Promise<Sight> {
    return lookAt(whole, this.lungs, cropOf(this.#manifest));
  }

  /**
   * Nothing else may run on the engine meanwhile.
   * @param infer runs the classifier once more
   */
  async examine(
    left: Leftovers,
    examination: Examination,
    infer: (values: Float32Array) => Promise<EngineOutput>,
  ): Promise<Evidence> {
    const { output, embedding, whole, sight, grayLevels, seenByGate } = left;
    const gate = this.#manifest.assurance?.gate;
    const copies = await this.#copies(output.logits, sight.values, examination.copies, infer);
    return {
      activation: activationMaps(output.features, this.#head),
      biases: Float32Array.from(this.#head.biases),
      measures: measurePicture(whole, grayLevels),
      gate:
        gate && this.#tables
          ? project(
              seenByGate ? pooledEmbedding(seenByGate) : embedding,
              seenByGate ?? output.features,
              gate,
              this.#tables,
              this.#moreCenters,
            )
          : null,
      lungs: sight.lungs,
      hash: pictureHash(whole),
      copies,
    };
  }

  async #copies(
    logits: Float32Array,
    values: Float32Array,
    wish: Examination['copies'],
    infer: (values: Float32Array) => Promise<EngineOutput>,
  ): Promise<Evidence['copies']> {
    if (!wish) return null;
    if (wish === 'where-unclear' && isClearCut(logits, this.#temperature)) return 'not-needed';
    // One run for both would save six hundredths of their time.
    return [(await infer(mirroredCopy(values))).logits, (await infer(shiftedCopy(values))).logits];
  }
}
