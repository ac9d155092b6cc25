/** The published database's own facts, shipped with the app: what is shown before any folder is open. */
import facts from './published.json';

export interface PublishedSource {
  readonly name: string;
  readonly images: number;
}

export interface PublishedFacts {
  readonly name: string;
  readonly address: string;
  /** Where the figures come from. */
  readonly factsFrom: string;
  readonly classes: readonly {
    readonly label: string;
    readonly images: number;
    readonly masks: number;
  }[];
  readonly format: {
    readonly name: string;
    readonly width: number;
    readonly height: number;
    readonly bits: number;
    readonly color: string;
  };
  readonly maskSize: { readonly width: number; readonly height: number };
  /** By class, the largest first. */
  readonly sources: Readonly<Record<string, readonly PublishedSource[]>>;
  readonly licence: string;
  readonly citations: readonly string[];
}

export const PUBLISHED: PublishedFacts = facts;

/** Images by class, in the published order. */
export function publishedCounts(): Map<string, number> {
  return new Map(PUBLISHED.classes.map(({ label, images }) => [label, images]));
}
