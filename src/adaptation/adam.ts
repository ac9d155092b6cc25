/**
 * Adam: D. Kingma & J. Ba, ICLR 2015 (arXiv:1412.6980), bias-corrected, in float64 on float32
 * parameters. The defaults are those of the study's framework.
 */
export interface AdamSettings {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

export const ADAM_DEFAULTS: AdamSettings = {
  learningRate: 1e-3,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-7,
};

/** What has to be kept to go on after a pause exactly where it stood. */
export interface AdamState {
  readonly steps: number;
  readonly first: Float64Array;
  readonly second: Float64Array;
}

export class Adam {
  readonly #settings: AdamSettings;
  readonly #first: Float64Array;
  readonly #second: Float64Array;
  #steps = 0;

  /** @param size number of parameters */
  constructor(size: number, settings: AdamSettings = ADAM_DEFAULTS, state?: AdamState) {
    this.#settings = settings;
    this.#first = state ? state.first.slice() : new Float64Array(size);
    this.#second = state ? state.second.slice() : new Float64Array(size);
    this.#steps = state?.steps ?? 0;
  }

  /** A copy. */
  get state(): AdamState {
    return { steps: this.#steps, first: this.#first.slice(), second: this.#second.slice() };
  }

  /**
   * One step, in place.
   * @param gradient as long as `parameters`
   */
  step(parameters: Float32Array, gradient: Float64Array): void {
    const { learningRate, beta1, beta2, epsilon } = this.#settings;
    this.#steps++;
    const unbiased1 = 1 - beta1 ** this.#steps;
    const unbiased2 = 1 - beta2 ** this.#steps;
    for (let at = 0; at < parameters.length; at++) {
      const slope = gradient[at];
      const first = beta1 * this.#first[at] + (1 - beta1) * slope;
      const second = beta2 * this.#second[at] + (1 - beta2) * slope * slope;
      this.#first[at] = first;
      this.#second[at] = second;
      parameters[at] -=
        (learningRate * (first / unbiased1)) / (Math.sqrt(second / unbiased2) + epsilon);
    }
  }
}
