import type { VisibleEvent } from '../contract/answers.ts';
import type { SegmentFile } from '../contract/segment-file.ts';
import type { Log } from '../runtime/log.ts';
import type { DeliveryStream } from '../stream/stream.ts';
import type { LedgerEntry, LoadResult, Warehouse } from '../warehouse/warehouse.ts';
import type { FreshnessWindow } from './freshness.ts';

export interface LoaderOptions {
  readonly stream: DeliveryStream;
  readonly warehouse: Warehouse;
  readonly freshness: FreshnessWindow;
  readonly log: Log;
  readonly now: () => number;
  /** Told after each load that orders have become visible, with the ledger's new entries. */
  readonly onVisible: (event: VisibleEvent, entries: readonly LedgerEntry[]) => void;
}

/** Segment files waiting together are loaded in one transaction, up to about this many bytes. */
const loadBytesMax = 64 * 1024 * 1024;
const retryDelaysMs = [100, 500, 2_000, 10_000];

/**
 * Moves sealed segment files into the warehouse, one load at a time, until the stream is closed and empty. A load
 * that fails changes nothing and is tried again for as long as it takes: the segment files wait on disk.
 */
export async function runLoader(options: LoaderOptions): Promise<void> {
  for (;;) {
    const segments = await options.stream.next(loadBytesMax);
    if (segments.length === 0) return;
    const result = await loadWithRetries(options, segments);
    await options.stream.release(segments);
    announce(options, result);
  }
}

async function loadWithRetries(
  { warehouse, log }: LoaderOptions,
  segments: readonly SegmentFile[],
): Promise<LoadResult> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await warehouse.load(segments);
    } catch (error) {
      const delayMs = retryDelaysMs[Math.min(attempt, retryDelaysMs.length - 1)] ?? 10_000;
      log.error({ err: error, segments: segments.map((file) => file.sequence), delayMs }, 'load failed; trying again');
      await new Promise((resolve) => setTimeout(resolve, delayMs));
    }
  }
}

function announce({ warehouse, freshness, log, now, onVisible }: LoaderOptions, result: LoadResult): void {
  if (result.entries.length === 0) return;
  const visibleAtMs = now();
  freshness.record(result.acceptedAtMs, visibleAtMs);
  const oldest = result.acceptedAtMs.reduce((least, at) => Math.min(least, at), visibleAtMs);
  const orders = result.entries.reduce((sum, entry) => sum + entry.loaded, 0);
  log.debug({ entries: result.entries }, 'loaded');
  const event = {
    visible_through: warehouse.status().visibleThrough,
    data_version: result.dataVersion,
    orders,
    freshness_ms: visibleAtMs - oldest,
  };
  onVisible(event, result.entries);
}
