/** Counts that are right after every picture: what a run shows while it is under way. */
import { confusionMatrix, type ConfusionMatrix } from './confusion.ts';
import type { EvaluatedPicture } from './pictures.ts';
import { classificationReport, type ClassificationReport } from './report.ts';
import { topOf } from './study.ts';

export interface LiveFigures {
  /** Of the model's classes and read. */
  readonly scored: number;
  readonly confusion: ConfusionMatrix;
  readonly report: ClassificationReport;
  readonly unreadable: number;
  readonly refused: number;
  /** Read, in folders that are none of the classes. */
  readonly others: number;
}

export class Tally {
  readonly #classes: readonly string[];
  readonly #confusion: number[][];
  #scored = 0;
  #unreadable = 0;
  #refused = 0;
  #others = 0;

  constructor(classes: readonly string[]) {
    this.#classes = classes;
    this.#confusion = confusionMatrix([], [], classes.length);
  }

  add({ label, probabilities, refused }: EvaluatedPicture): void {
    const truth = this.#classes.indexOf(label);
    if (probabilities === null) this.#unreadable++;
    else if (truth < 0) this.#others++;
    else {
      this.#scored++;
      this.#confusion[truth][topOf(probabilities)]++;
      if (refused !== null) this.#refused++;
    }
  }

  get figures(): LiveFigures {
    return {
      scored: this.#scored,
      confusion: this.#confusion.map((row) => [...row]),
      report: classificationReport(this.#confusion),
      unreadable: this.#unreadable,
      refused: this.#refused,
      others: this.#others,
    };
  }
}
