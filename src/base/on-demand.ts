/** A part of the app that is loaded when it is first asked for, and can be watched for from before. */
import { Observable } from './observable.ts';

export class OnDemand<T> {
  /** Null until it is there. */
  readonly part = new Observable<T | null>(null);
  readonly #load: () => Promise<T>;
  #coming: Promise<T> | null = null;

  constructor(load: () => Promise<T>) {
    this.#load = load;
  }

  /** Rejects with whatever kept it from coming; the next call tries again. */
  get(): Promise<T> {
    if (!this.#coming) {
      const coming = this.#load().then((part) => {
        this.part.set(part);
        return part;
      });
      coming.catch(() => (this.#coming = null));
      this.#coming = coming;
    }
    return this.#coming;
  }
}
