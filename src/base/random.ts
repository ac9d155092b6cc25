/**
 * Seeded random numbers, the same on every device: sfc32 (C. Doty-Humphrey, PractRand), its state
 * spread from one seed by splitmix32. 32 good bits a draw; not for secrets.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #count: number;

  /** @param seed any whole number; its lower 32 bits count */
  constructor(seed: number) {
    let state = seed >>> 0;
    const spread = (): number => {
      state = (state + 0x9e3779b9) | 0;
      let mixed = state ^ (state >>> 16);
      mixed = Math.imul(mixed, 0x21f0aaad);
      mixed ^= mixed >>> 15;
      mixed = Math.imul(mixed, 0x735a2d97);
      return mixed ^ (mixed >>> 15);
    };
    this.#a = spread();
    this.#b = spread();
    this.#c = spread();
    this.#count = 1;
    for (let turn = 0; turn < 12; turn++) this.next();
  }

  /** Where the sequence stands, to go on later exactly here. */
  get state(): readonly [number, number, number, number] {
    return [this.#a, this.#b, this.#c, this.#count];
  }

  /** @param state what `state` gave before */
  static at(state: readonly [number, number, number, number]): Random {
    const random = new Random(0);
    [random.#a, random.#b, random.#c, random.#count] = state;
    return random;
  }

  /** 0 ≤ x < 1, in steps of 2⁻³². */
  next(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#count) | 0;
    this.#count = (this.#count + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (this.#c << 21) | (this.#c >>> 11);
    this.#c = (this.#c + sum) | 0;
    return (sum >>> 0) / 4294967296;
  }

  /** A whole number, 0 ≤ n < `limit` (at most 2³²). */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  /** low ≤ x < high */
  between(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  /** Shuffles in place (Fisher–Yates) and gives the same list back. */
  shuffle<T extends { [at: number]: unknown; length: number }>(list: T): T {
    for (let last = list.length - 1; last > 0; last--) {
      const other = this.below(last + 1);
      const kept = list[last];
      list[last] = list[other];
      list[other] = kept;
    }
    return list;
  }
}
