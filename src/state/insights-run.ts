/**
 * What is worked out over the open folder. It outlives the page it is shown on, so that a scan goes on
 * while the person looks at another screen; another folder takes its place.
 */
import type * as Dataset from '../dataset/index.ts';
import type {
  Analysis,
  Audit,
  FolderScan,
  LabelledFolder,
  LabelledItem,
  ProbeResult,
  ScanPool,
  ShownPicture,
} from '../dataset/index.ts';
import type { FaultData } from '../base/fault.ts';
import { faultDataOf } from '../session/index.ts';
import { ActionError } from './errors.ts';
import type { Services } from './services.ts';
import { embedSample } from './embedding.ts';

export type AuditState =
  | { readonly phase: 'waiting' | 'running' }
  | { readonly phase: 'done'; readonly audit: Audit }
  | { readonly phase: 'failed'; readonly fault: FaultData };

export interface OriginProbe {
  /** Null: over all classes together. */
  readonly label: string | null;
  readonly result: ProbeResult;
}

export interface EmbeddingFacts {
  /** Item numbers of the points. */
  readonly items: readonly number[];
  /** x, y, x, y … 0 … 1 */
  readonly map: Float32Array;
  readonly probes: readonly OriginProbe[];
  /** How well the same probe tells the classes, to hold the origins against. */
  readonly classes: ProbeResult | null;
  readonly model: string;
}

export type EmbeddingState =
  | { readonly phase: 'idle' }
  | {
      readonly phase: 'running';
      readonly step: 'engine' | 'embedding' | 'reducing' | 'probing' | 'mapping';
      readonly done: number;
      readonly total: number;
    }
  | { readonly phase: 'done'; readonly facts: EmbeddingFacts }
  | { readonly phase: 'failed'; readonly fault: FaultData };

/** What a person sees of a picture here. */
const SHOWN_SIDE = 320;

export class InsightsRun {
  readonly folder: LabelledFolder;
  readonly scan: FolderScan;
  audit: AuditState = { phase: 'waiting' };
  embedding: EmbeddingState = { phase: 'idle' };
  readonly #services: Services;
  readonly #dataset: typeof Dataset;
  readonly #listeners = new Set<() => void>();
  readonly #shower: ScanPool;
  #analysis: Analysis | null = null;
  #stop: AbortController | null = null;
  #ended = false;

  constructor(services: Services, dataset: typeof Dataset, folder: LabelledFolder) {
    this.#services = services;
    this.#dataset = dataset;
    this.folder = folder;
    this.scan = new dataset.FolderScan(folder);
    this.#shower = new dataset.ScanPool(1);
    this.scan.subscribe(() => {
      this.#changed();
      if (this.scan.view.phase === 'done' && this.audit.phase === 'waiting') void this.runAudit();
    });
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A picture for the eye, with the outline of its mask where that is wanted. */
  readonly show = async (item: LabelledItem, withMask: boolean): Promise<ShownPicture> => {
    const [file, mask] = await Promise.all([
      item.open(),
      withMask ? (item.mask?.open().catch(() => null) ?? null) : null,
    ]);
    return this.#shower.show(file, mask, SHOWN_SIDE);
  };

  /** Near-duplicates among what has been looked at so far. */
  async runAudit(): Promise<void> {
    if (this.audit.phase === 'running') return;
    this.audit = { phase: 'running' };
    this.#changed();
    try {
      const { facts, smalls } = this.scan.result;
      const size = this.#dataset.SMALL_SIDE ** 2;
      const known = facts.flatMap((each, at) => (each ? [at] : []));
      const hashes = new Uint32Array(2 * known.length);
      const small = new Uint8Array(size * known.length);
      known.forEach((at, place) => {
        hashes.set(facts[at]?.hash ?? [], 2 * place);
        small.set(smalls.subarray(at * size, (at + 1) * size), place * size);
      });
      const found = await this.#worker().audit(hashes, small);
      const audit: Audit = {
        groups: found.groups.map((group) => group.map((place) => known[place] ?? 0)),
      };
      this.audit = { phase: 'done', audit };
      if (this.#ended) return;
      await this.#services.workbench.setGroups(this.folder, this.groups());
    } catch (reason) {
      this.audit = { phase: 'failed', fault: faultOf(reason) };
    }
    this.#changed();
  }

  /** The group of each item: null where it has no near-duplicate, or nothing is known yet. */
  groups(): (string | null)[] {
    const groups = new Array<string | null>(this.folder.items.length).fill(null);
    if (this.audit.phase !== 'done') return groups;
    this.audit.audit.groups.forEach((members, at) => {
      for (const member of members) groups[member] = `near-duplicates-${at + 1}`;
    });
    return groups;
  }

  /** Embeddings of a sample by the installed model, then probes and map from them. */
  async runEmbedding(): Promise<void> {
    if (this.embedding.phase === 'running') return;
    const stop = new AbortController();
    this.#stop = stop;
    const say = (
      step: Extract<EmbeddingState, { phase: 'running' }>['step'],
      done = 0,
      total = 0,
    ): void => {
      if (stop.signal.aborted) return;
      this.embedding = { phase: 'running', step, done, total };
      this.#changed();
    };
    say('engine');
    try {
      const { items, values, columns, model } = await embedSample(
        this.#services,
        this.#dataset,
        this.folder,
        { signal: stop.signal, onProgress: (done, total) => say('embedding', done, total) },
      );
      say('reducing');
      const analysis = this.#worker();
      const reduced = await analysis.reduce(values, items.length, columns);
      stop.signal.throwIfAborted();
      const groups = this.groups();
      const of = (at: number): LabelledItem | undefined => this.folder.items[at];
      const ask = (kinds: readonly (string | null)[]): Promise<ProbeResult | null> =>
        analysis.probe({
          values: reduced.scores,
          columns: reduced.count,
          kinds,
          groups: items.map((at) => groups[at] ?? null),
        });
      const labels = [null, ...this.folder.labels];
      const probes: OriginProbe[] = [];
      for (const [at, label] of labels.entries()) {
        say('probing', at, labels.length + 1);
        const result = await ask(
          items.map((item) =>
            label === null || of(item)?.label === label ? (of(item)?.origin ?? null) : null,
          ),
        );
        if (result) probes.push({ label, result });
        stop.signal.throwIfAborted();
      }
      const classes = await ask(items.map((item) => of(item)?.label ?? null));
      say('mapping', 0, 1);
      const map = await analysis.map(reduced, (share) => say('mapping', share, 1));
      stop.signal.throwIfAborted();
      this.embedding = { phase: 'done', facts: { items, map, probes, classes, model } };
    } catch (reason) {
      if (stop.signal.aborted) return;
      this.embedding = { phase: 'failed', fault: faultOf(reason) };
    }
    this.#changed();
  }

  cancelEmbedding(): void {
    this.#stop?.abort();
    this.embedding = { phase: 'idle' };
    // Whatever it computes is not wanted any more.
    this.#analysis?.dispose();
    this.#analysis = null;
    this.#changed();
  }

  async dispose(): Promise<void> {
    this.#ended = true;
    this.#stop?.abort();
    this.#listeners.clear();
    this.#shower.dispose();
    this.#analysis?.dispose();
    await this.scan.dispose();
  }

  #worker(): Analysis {
    return (this.#analysis ??= new this.#dataset.Analysis());
  }

  #changed(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}

function faultOf(reason: unknown): FaultData {
  return faultDataOf(reason, () => new ActionError(reason));
}

const runs = new WeakMap<Services['workbench'], InsightsRun>();

/** The run of the folder that is open now, made when it is first asked for; null without a folder. */
export async function currentRun(services: Services, afresh = false): Promise<InsightsRun | null> {
  const { workbench } = services;
  const dataset = await import('../dataset/index.ts');
  const { folder } = workbench;
  const before = runs.get(workbench);
  if (before && !afresh && before.folder.key === folder?.key) return before;
  runs.delete(workbench);
  void before?.dispose();
  if (!folder) return null;
  const run = new InsightsRun(services, dataset, folder);
  runs.set(workbench, run);
  await run.scan.load();
  return run;
}
