import {
  keyOf,
  type ReadEnd,
  type ReadOptions,
  type ReferenceBatch,
  type ReferenceRecord,
  type ReferenceSource,
  type ReferenceTable,
  type RowFault,
  SourceError,
  type Watermark,
} from '../source.ts';
import { CuratedBucket, type CuratedPlace } from './curated-bucket.ts';
import { linesOf, type Manifest, newestRun, runAt, tablesIn } from './curated-run.ts';

export interface CuratedOptions extends CuratedPlace {
  /** Milliseconds since 1970; default the clock. */
  readonly now?: () => number;
}

const batchRows = 2_000;
/** The job runs every night; a day may have 25 hours. */
const staleAfterMs = 26 * 3_600_000;

/**
 * Stores, customers and menu items of a MySQL server from the files that the Glue job makes of them. A run is read
 * when it has ended and is newer than the watermark, which is the database's own.
 */
export class CuratedSource implements ReferenceSource {
  readonly name: string;
  /** Where the rows come from in the end: the same customers, whichever way they came. */
  readonly origin = 'mysql';
  readonly tables: readonly ReferenceTable[];
  readonly #bucket: CuratedBucket;
  readonly #now: () => number;

  private constructor(bucket: CuratedBucket, tables: readonly ReferenceTable[], now: () => number) {
    this.name = `curated files in ${bucket.name}`;
    this.tables = tables;
    this.#bucket = bucket;
    this.#now = now;
  }

  /**
   * Finds the tables that the job reads.
   *
   * @throws SourceError when the bucket cannot be read
   */
  static async open({ now = Date.now, ...place }: CuratedOptions, signal?: AbortSignal): Promise<CuratedSource> {
    const bucket = new CuratedBucket(place);
    return new CuratedSource(bucket, await tablesIn(bucket, signal), now);
  }

  async *read(
    table: ReferenceTable,
    since: Watermark | null,
    { whole = false, signal }: ReadOptions = {},
  ): AsyncGenerator<ReferenceBatch | ReadEnd> {
    const run = await newestRun(this.#bucket, table, signal);
    const { watermark, is_whole: isWhole, clock_skew_ms: clockSkewMs } = run;
    if (!whole && since !== null && watermark.through <= since.through) {
      this.#refuseStale(table, run);
      yield { type: 'end', watermark: since, isWhole: false, clockSkewMs };
      return;
    }
    refuseGap(table, run, whole ? null : since);
    for await (const records of inBatches(linesOf(this.#bucket, table, run, 'records', signal))) {
      yield { type: 'batch', records: records as ReferenceRecord[], faults: [] };
    }
    for await (const faults of inBatches(linesOf(this.#bucket, table, run, 'errors', signal))) {
      yield { type: 'batch', records: [], faults: faults as RowFault[] };
    }
    yield { type: 'end', watermark, isWhole, clockSkewMs };
  }

  async *keys(
    table: ReferenceTable,
    since: Watermark | null,
    { signal }: ReadOptions = {},
  ): AsyncGenerator<readonly string[]> {
    const run = await (since ? runAt(this.#bucket, table, since, signal) : newestRun(this.#bucket, table, signal));
    for await (const keys of inBatches(linesOf(this.#bucket, table, run, 'keys', signal))) {
      yield keys.map((row) => String((row as Record<string, unknown>)[keyOf[table]]));
    }
  }

  #refuseStale(table: ReferenceTable, { run_id, watermark }: Manifest): void {
    if (this.#now() - Date.parse(watermark.through) < staleAfterMs) return;
    const message = `The newest run of ${table} in ${this.#bucket.name} is ${run_id}: the job has not come to an end since.`;
    throw new SourceError(message, { kind: 'unavailable' });
  }
}

/** Changes only make sense on top of what they are changes of. */
function refuseGap(table: ReferenceTable, { run_id, since: begun }: Manifest, since: Watermark | null): void {
  if (begun === null || (since !== null && begun.through <= since.through && begun.basis === since.basis)) return;
  const known = since === null ? 'nothing is known of them here' : `here they are known up to ${since.through}`;
  const cure = 'Start the job with --whole true, and refresh again.';
  throw new SourceError(`The run ${run_id} of ${table} has changes since ${begun.through}, and ${known}. ${cure}`, {
    kind: 'shape',
  });
}

async function* inBatches(lines: AsyncIterable<string>): AsyncGenerator<unknown[]> {
  let batch: unknown[] = [];
  for await (const line of lines) {
    batch.push(JSON.parse(line));
    if (batch.length === batchRows) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}
