/**
 * What the pictures read on this device look like, gathered as sums that no picture can be told from:
 * whether they are like those of a hospital the model knows, and how common each class may be.
 */
import * as v from 'valibot';
import { estimateShares, siteVerdict, type SiteVerdict } from '../assurance/index.ts';
import type { Assurance } from '../assurance/types.ts';
import { parseJson, type Memory } from '../base/key-value.ts';
import type { Observable } from '../base/observable.ts';
import type { Reading } from '../inference/types.ts';
import type { Hospitals, Manifest } from '../model/index.ts';

const KEY = 'site-looks';
/** Beyond so many the sums are halved, so that the newest pictures count most. */
const MOST = 600;
/** Probabilities kept for the estimate of the shares. */
const MOST_ANSWERS = 300;

const finite = v.pipe(v.number(), v.finite());
const share = v.pipe(finite, v.minValue(0), v.maxValue(1));
const GatheredSchema = v.object({
  /** `id@version` of the delivered model: another one's projection is another space. */
  model: v.string(),
  pictures: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MOST)),
  sums: v.pipe(v.array(finite), v.maxLength(256)),
  answers: v.pipe(v.array(v.pipe(v.array(share), v.length(4))), v.maxLength(MOST_ANSWERS)),
});
type Gathered = v.InferOutput<typeof GatheredSchema>;

export class SiteLooks {
  readonly #memory: Memory;
  readonly #look: Observable<SiteVerdict | null>;
  /** Pictures counted in this sitting: one that is opened twice counts once. */
  readonly #counted = new Set<string>();
  #gathered: Gathered | null = null;

  /** @param look told whenever more is known; null: the model says nothing of the hospitals it knows */
  constructor(memory: Memory, look: Observable<SiteVerdict | null>) {
    this.#memory = memory;
    this.#look = look;
  }

  /** What is known so far of the site under this model. */
  load(manifest: Manifest): void {
    const hospitals = manifest.assurance?.hospitals;
    this.#look.set(hospitals ? siteVerdict(hospitals, this.#of(keyOf(manifest), hospitals)) : null);
  }

  /**
   * How common each class may be here, order of the model's labels, sum 1.
   * @returns null before as many answers as it takes to tell what the site looks like
   */
  shares(manifest: Manifest): readonly number[] | null {
    const { hospitals, priors } = manifest.assurance ?? {};
    if (!hospitals || !priors) return null;
    const { answers } = this.#of(keyOf(manifest), hospitals);
    return answers.length >= hospitals.test.minimum ? estimateShares(answers, priors.shares) : null;
  }

  /**
   * Counts one answer of the delivered model's embedding. Refused pictures, photographed films and
   * pictures that were changed by hand say nothing of how the site's machine draws.
   */
  note(reading: Reading, assurance: Assurance, manifest: Manifest): void {
    const hospitals = manifest.assurance?.hospitals;
    const { evidence } = reading;
    if (!hospitals || !evidence?.gate || assurance.refusal || reading.adjust) return;
    // Of an adapted model only the classes' own probabilities differ; they say nothing here.
    const [version] = reading.modelVersion.split('+');
    if (reading.modelId !== manifest.id || version !== manifest.version) return;
    if (this.#counted.has(evidence.hash)) return;
    this.#counted.add(evidence.hash);
    const before = this.#of(keyOf(manifest), hospitals);
    const { values } = evidence.gate;
    const gathered = halvedAtMost({
      model: before.model,
      pictures: before.pictures + 1,
      sums: before.sums.map((sum, i) => sum + values[i]),
      answers: assurance.adapted
        ? before.answers
        : [...before.answers, assurance.uncorrected.map(rounded)].slice(-MOST_ANSWERS),
    });
    this.#gathered = gathered;
    this.#memory.write(KEY, JSON.stringify(gathered));
    this.#look.set(siteVerdict(hospitals, gathered));
  }

  /** Forgets what was gathered, as when the X-ray machine is another one now. */
  forget(manifest: Manifest): void {
    this.#memory.write(KEY, null);
    this.#gathered = null;
    this.#counted.clear();
    this.load(manifest);
  }

  #of(model: string, { dimensions }: Hospitals): Gathered {
    this.#gathered ??= read(this.#memory);
    const { model: of, sums } = this.#gathered ?? {};
    if (!this.#gathered || of !== model || sums?.length !== dimensions) {
      this.#gathered = emptyOf(model, dimensions);
    }
    return this.#gathered;
  }
}

function read(memory: Memory): Gathered | null {
  const parsed = v.safeParse(GatheredSchema, parseJson(memory.read(KEY)));
  return parsed.success ? parsed.output : null;
}

function emptyOf(model: string, dimensions: number): Gathered {
  return { model, pictures: 0, sums: Array.from({ length: dimensions }, () => 0), answers: [] };
}

function halvedAtMost(gathered: Gathered): Gathered {
  if (gathered.pictures < MOST) return gathered;
  const pictures = Math.floor(gathered.pictures / 2);
  const factor = pictures / gathered.pictures;
  return { ...gathered, pictures, sums: gathered.sums.map((sum) => sum * factor) };
}

function rounded(probability: number): number {
  return Math.round(probability * 1e4) / 1e4;
}

function keyOf({ id, version }: Manifest): string {
  return `${id}@${version}`;
}
