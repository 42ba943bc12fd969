/** Freshness figures in whole milliseconds; null before the first order. */
export interface FreshnessFigures {
  readonly p50_ms: number | null;
  readonly p99_ms: number | null;
  readonly max_ms: number | null;
  /** How many of the newest records the figures are of. */
  readonly records: number;
}

const windowRecords = 16_384;

/** The freshness of the newest records: `visible_at - accepted_at` of each, over a window that slides. */
export class FreshnessWindow {
  readonly #ages = new Float64Array(windowRecords);
  #recorded = 0;

  record(acceptedAtMs: readonly number[], visibleAtMs: number): void {
    for (const at of acceptedAtMs.slice(-windowRecords)) {
      this.#ages[this.#recorded % windowRecords] = Math.max(0, visibleAtMs - at);
      this.#recorded += 1;
    }
  }

  figures(): FreshnessFigures {
    const records = Math.min(this.#recorded, windowRecords);
    const sorted = this.#ages.slice(0, records).sort();
    const at = (share: number): number | null =>
      records === 0 ? null : (sorted[Math.ceil(share * records) - 1] ?? null);
    return { p50_ms: at(0.5), p99_ms: at(0.99), max_ms: at(1), records };
  }
}
