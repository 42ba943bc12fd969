import { createHash, type Hash } from 'node:crypto';

/** What tells the content of a file. */
export interface Digest {
  readonly bytes: number;
  /** In lower-case hexadecimal digits. */
  readonly sha256: string;
}

/** Adds up a digest, chunk by chunk. */
export class Digester {
  readonly #hash: Hash = createHash('sha256');
  #bytes = 0;

  add(chunk: Buffer): void {
    this.#hash.update(chunk);
    this.#bytes += chunk.length;
  }

  /** To be called once, at the end. */
  digest(): Digest {
    return { bytes: this.#bytes, sha256: this.#hash.digest('hex') };
  }
}

export function digestOf(bytes: Buffer): Digest {
  const digester = new Digester();
  digester.add(bytes);
  return digester.digest();
}

export function sameDigest(one: Digest, other: Digest): boolean {
  return one.bytes === other.bytes && one.sha256 === other.sha256;
}
