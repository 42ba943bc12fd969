/**
 * A Bloom filter over order keys that grows: it says for certain that a key is new, or that it may be stored.
 * 20 bits a key and 10 probes give about 9 false alarms in 100,000. Not made for removing.
 *
 * Keys come as two 32-bit halves, because that is what vectors of the warehouse give without big integers.
 */
export class KeyFilter {
  readonly #layers: Layer[] = [];
  #size = 0;

  constructor(expectedKeys: number) {
    this.#layers.push(new Layer(Math.max(2 ** 20, expectedKeys * 2)));
  }

  /** Keys added so far; a key added twice counts twice. */
  get size(): number {
    return this.#size;
  }

  /** Bytes held. */
  get bytes(): number {
    return this.#layers.reduce((sum, layer) => sum + layer.bytes, 0);
  }

  mayHave(high: number, low: number): boolean {
    return this.#layers.some((layer) => layer.mayHave(high, low));
  }

  add(high: number, low: number): void {
    let last = this.#layers.at(-1) as Layer;
    if (last.full) {
      last = new Layer(last.capacity * 2);
      this.#layers.push(last);
    }
    last.add(high, low);
    this.#size += 1;
  }
}

const bitsPerKey = 20;
const probes = 10;

class Layer {
  readonly capacity: number;
  readonly #words: Uint32Array;
  readonly #mask: number;
  #count = 0;

  constructor(capacity: number) {
    const bits = Math.min(2 ** 32, 2 ** Math.ceil(Math.log2(capacity * bitsPerKey)));
    this.capacity = Math.floor(bits / bitsPerKey);
    this.#words = new Uint32Array(bits / 32);
    this.#mask = bits - 1;
  }

  get full(): boolean {
    return this.#count >= this.capacity;
  }

  get bytes(): number {
    return this.#words.byteLength;
  }

  mayHave(high: number, low: number): boolean {
    let position = low;
    const step = high | 1;
    for (let probe = 0; probe < probes; probe += 1) {
      const bit = (position & this.#mask) >>> 0;
      if (((this.#words[bit >>> 5] ?? 0) & (1 << (bit & 31))) === 0) return false;
      position = (position + step + probe) | 0;
    }
    return true;
  }

  add(high: number, low: number): void {
    let position = low;
    const step = high | 1;
    for (let probe = 0; probe < probes; probe += 1) {
      const bit = (position & this.#mask) >>> 0;
      this.#words[bit >>> 5] = (this.#words[bit >>> 5] ?? 0) | (1 << (bit & 31));
      position = (position + step + probe) | 0;
    }
    this.#count += 1;
  }
}
