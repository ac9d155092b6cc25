/** Figures with their intervals, away from the page: one request, one answer. */
import type { BootstrapOptions } from './bootstrap.ts';
import { compare, type ComparedRun } from './comparison.ts';
import { resultOf, type EvaluatedPicture } from './pictures.ts';

export type FiguresRequest =
  | {
      readonly kind: 'result';
      readonly pictures: readonly EvaluatedPicture[];
      readonly classes: readonly string[];
      readonly options: BootstrapOptions;
    }
  | {
      readonly kind: 'comparison';
      readonly first: ComparedRun;
      readonly second: ComparedRun;
      readonly options: BootstrapOptions;
    };

const scope = self as unknown as {
  onmessage: ((event: MessageEvent<FiguresRequest>) => void) | null;
  postMessage(value: unknown): void;
};

scope.onmessage = ({ data }) => {
  scope.postMessage(
    data.kind === 'result'
      ? resultOf(data.pictures, data.classes, data.options)
      : compare(data.first, data.second, data.options),
  );
};
