/** Work this long, then let other requests in. */
const sliceMs = 8;

/** For long work on the one thread: `if (breath.isDue) await breath.take()` after each piece of it. */
export class Breath {
  #endMs = performance.now() + sliceMs;

  get isDue(): boolean {
    return performance.now() > this.#endMs;
  }

  async take(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    this.#endMs = performance.now() + sliceMs;
  }
}
