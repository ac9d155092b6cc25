/** What every section draws from: the published facts, and the opened folder's beside them. */
import { msg } from '@lit/localize';
import type * as Dataset from '../../dataset/index.ts';
import type { LabelledFolder, ScanResult } from '../../dataset/index.ts';
import { className } from '../../words/words.ts';
import type { InsightsRun } from '../../state/insights-run.ts';

export type DatasetDoor = typeof Dataset;

export interface InsightsView {
  readonly dataset: DatasetDoor;
  readonly published: ReadonlyMap<string, number>;
  readonly live: LiveView | null;
  /** Classes of both, the published ones first. */
  readonly labels: readonly string[];
}

export interface LiveView {
  readonly folder: LabelledFolder;
  readonly run: InsightsRun;
  readonly counts: ReadonlyMap<string, number>;
  readonly masks: ReadonlyMap<string, number>;
  readonly result: ScanResult;
  /** Anything was looked at. */
  readonly scanned: boolean;
}

export interface NamedCounts {
  readonly name: string;
  readonly counts: ReadonlyMap<string, number>;
  /** What the other is held against. */
  readonly quiet: boolean;
}

export function viewOf(dataset: DatasetDoor, run: InsightsRun | null): InsightsView {
  const published = dataset.publishedCounts();
  if (!run) return { dataset, published, live: null, labels: [...published.keys()] };
  const { folder } = run;
  return {
    dataset,
    published,
    live: {
      folder,
      run,
      counts: dataset.countByClass(folder),
      masks: dataset.countMasks(folder),
      result: run.scan.result,
      scanned: run.scan.view.done > run.scan.view.failed,
    },
    labels: dataset.sortLabels(new Set([...published.keys(), ...folder.labels])),
  };
}

/** The published counts, the folder's beside them where they differ, and only once where they do not. */
export function collections({ published, live }: InsightsView): NamedCounts[] {
  const shipped = { name: msg('Published'), counts: published, quiet: live !== null };
  if (!live) return [shipped];
  const own = { name: msg('This folder'), counts: live.counts, quiet: false };
  return sameCounts(published, live.counts) ? [own] : [shipped, own];
}

export function sameCounts(
  a: ReadonlyMap<string, number>,
  b: ReadonlyMap<string, number>,
): boolean {
  return a.size === b.size && [...a].every(([label, count]) => b.get(label) === count);
}

export function labelWords(labels: readonly string[]): string[] {
  return labels.map(className);
}
