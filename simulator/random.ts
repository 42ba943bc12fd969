/** Spreads the bits of a 32-bit integer (the finaliser of MurmurHash3). */
export function mix(value: number): number {
  let bits = value | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** An unsigned 32-bit hash of integers; their order matters. */
export function hashOf(...values: readonly number[]): number {
  let hash = 0x9e3779b9;
  for (const value of values) hash = mix(Math.imul(hash, 31) + mix(value + 0x7f4a7c15));
  return hash;
}

/** A 32-bit hash as a fraction, 0 <= fraction < 1. */
export function fraction(hash: number): number {
  return hash / 4_294_967_296;
}

/** Random numbers that depend on the seed alone: the sfc32 generator, which is small, fast and well tested. */
export class Random {
  #a = 0;
  #b = 0;
  #c = 0;
  #counter = 1;

  constructor(seed: number) {
    this.seed(seed);
  }

  /** Starts again as if new, so that one object serves a hot loop. */
  seed(seed: number): void {
    this.#a = mix(seed);
    this.#b = mix(seed ^ 0x5bd1e995);
    this.#c = mix(seed + 0x632be5ab);
    this.#counter = 1;
    for (let round = 0; round < 8; round++) this.next();
  }

  /** 0 <= value < 1, in steps of 2^-32. */
  next(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 4_294_967_296;
  }

  /** An integer, 0 <= value < `end`. */
  below(end: number): number {
    return (this.next() * end) | 0;
  }

  /** How many of the events that happen `mean` times on average happen this time. */
  poisson(mean: number): number {
    if (mean > 30) return Math.max(0, Math.round(mean + Math.sqrt(mean) * this.normal()));
    const limit = Math.exp(-mean);
    let count = 0;
    for (let product = this.next(); product > limit; product *= this.next()) count++;
    return count;
  }

  /** Mean 0, standard deviation 1 (Box and Muller). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
  }
}

/** Picks an index in proportion to its weight, in constant time (Walker and Vose's alias method). */
export class WeightedPicker {
  readonly #threshold: Float64Array;
  readonly #alias: Int32Array;

  /** @param weights not negative, at least one above zero */
  constructor(weights: readonly number[]) {
    const size = weights.length;
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const scaled = weights.map((weight) => (weight * size) / total);
    this.#threshold = new Float64Array(size).fill(1);
    this.#alias = Int32Array.from({ length: size }, (_, index) => index);
    const small = scaled.flatMap((weight, index) => (weight < 1 ? [index] : []));
    const large = scaled.flatMap((weight, index) => (weight < 1 ? [] : [index]));
    while (small.length > 0 && large.length > 0) {
      const [less, more] = [small.pop() as number, large.pop() as number];
      this.#threshold[less] = scaled[less] as number;
      this.#alias[less] = more;
      scaled[more] = (scaled[more] as number) + (scaled[less] as number) - 1;
      ((scaled[more] as number) < 1 ? small : large).push(more);
    }
  }

  /** @param uniform 0 <= uniform < 1 */
  at(uniform: number): number {
    const scaled = uniform * this.#threshold.length;
    const index = scaled | 0;
    return scaled - index < (this.#threshold[index] as number) ? index : (this.#alias[index] as number);
  }
}
