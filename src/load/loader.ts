import type { VisibleEvent } from '../contract/answers.ts';
import type { SegmentFile } from '../contract/segment-file.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Log } from '../runtime/log.ts';
import type { DeliveryStream } from '../stream/stream.ts';
import { UnloadableRecordsError } from '../warehouse/unloadable-records.ts';
import type { LedgerEntry, LoadResult, Warehouse } from '../warehouse/warehouse.ts';
import type { FreshnessWindow } from './freshness.ts';

export interface LoaderOptions {
  readonly stream: DeliveryStream;
  readonly warehouse: Warehouse;
  readonly freshness: FreshnessWindow;
  readonly log: Log;
  /** The clock that stamps records when they are accepted. */
  readonly clock: Clock;
  /** Segment files waiting together are loaded in one transaction, up to about this many bytes. */
  readonly loadBytesMax: number;
  /** Told after each load that orders have become visible, with the ledger's new entries. */
  readonly onVisible: (event: VisibleEvent, entries: readonly LedgerEntry[]) => void;
}

/** Of the records that go to quarantine together, how many the log names. */
const loggedMax = 10;
const retryDelaysMs = [100, 500, 2_000, 10_000];

/**
 * Moves sealed segment files into the warehouse, one load at a time, until the stream is closed and empty. A load
 * that fails changes nothing. When records are at fault they go to quarantine and the rest is loaded; else it is
 * tried again for as long as it takes: the segment files wait on disk.
 */
export async function runLoader(options: LoaderOptions): Promise<void> {
  for (let failures = 0; ; ) {
    const segments = await options.stream.next(options.loadBytesMax);
    if (segments.length === 0) return;
    try {
      const result = await options.warehouse.load(segments);
      await options.stream.release(segments);
      announce(options, result);
      failures = 0;
    } catch (error) {
      const left = await setAside(options, segments, error);
      if (left !== undefined) await wait(options, segments, left, failures++);
    }
  }
}

/**
 * Puts records that are at fault into quarantine. That travels through the segment file too, so that the warehouse
 * can be made anew from it.
 *
 * @returns the error that is left: none when the load can be tried again at once
 */
async function setAside(
  { stream, log }: LoaderOptions,
  segments: readonly SegmentFile[],
  error: unknown,
): Promise<unknown> {
  if (!(error instanceof UnloadableRecordsError)) return error;
  try {
    for (const segment of segments) {
      const records = error.records.filter((record) => record.segment === segment.sequence);
      if (records.length === 0) continue;
      await stream.setAside(segment, records);
      const first = records.slice(0, loggedMax);
      log.error({ path: segment.path, records: records.length, first }, 'records that cannot be loaded: in quarantine');
    }
    return undefined;
  } catch (failed) {
    return failed;
  }
}

async function wait(
  { log }: LoaderOptions,
  segments: readonly SegmentFile[],
  error: unknown,
  failures: number,
): Promise<void> {
  const delayMs = retryDelaysMs[Math.min(failures, retryDelaysMs.length - 1)] ?? 10_000;
  log.error({ err: error, segments: segments.map((file) => file.sequence), delayMs }, 'load failed; trying again');
  await new Promise((resolve) => setTimeout(resolve, delayMs));
}

function announce({ warehouse, freshness, log, clock, onVisible }: LoaderOptions, result: LoadResult): void {
  if (result.entries.length === 0) return;
  const visibleAtMs = clock.now();
  const acceptedAtMs = result.acceptedAtMs.map((at) => clock.restated(at, visibleAtMs));
  freshness.record(acceptedAtMs, visibleAtMs);
  const oldest = acceptedAtMs.reduce((least, at) => Math.min(least, at), visibleAtMs);
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
