import type { S3Client } from '@aws-sdk/client-s3';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { SegmentFile } from '../../contract/segment-file.ts';
import type { RedshiftWarehouse } from '../../warehouse/redshift/redshift-warehouse.ts';
import type { LoadResult } from '../../warehouse/warehouse.ts';
import { readNotifications, type StoredObject } from './landed-objects.ts';
import type { Telemetry } from './telemetry.ts';
import { daysAgo, findUnloaded } from './unloaded-objects.ts';

export interface ObjectLoaderOptions {
  readonly warehouse: RedshiftWarehouse;
  readonly s3: S3Client;
  readonly bucket: string;
  readonly telemetry: Pick<Telemetry, 'count' | 'logger'>;
  readonly now?: () => number;
}

/** What to look for when the bucket is held against the ledger. */
export interface ReconcileRequest {
  readonly action: 'reconcile';
  /** How far back to look; default 7 days. */
  readonly days?: number;
  /** What landed later than so many minutes ago is left to its notification; default 10. */
  readonly graceMinutes?: number;
}

/** What the comparison of bucket and ledger came to. */
export interface Reconciled {
  /** Objects that had landed and were not loaded. */
  readonly found: number;
  readonly loaded: number;
}

/** Of one transaction: what is read of them, and made of that, fits into the memory of a function. */
const loadLimits = { bytes: 16 * 1024 * 1024, objects: 100 } as const;
/** After so many loads in a row have failed, the objects are not what is wrong. */
const failuresMax = 3;
const timeLeftMsMin = 60_000;

/** Moves objects that have landed into the warehouse, one load at a time. */
export class ObjectLoader {
  readonly #options: ObjectLoaderOptions;
  readonly #now: () => number;

  constructor(options: ObjectLoaderOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** Loads what the notifications tell of. Those that failed are named, and come again; the others are done with. */
  async loadNotified(event: SQSEvent, timeLeftMs: () => number): Promise<SQSBatchResponse> {
    const { objects, unreadable } = readNotifications(event, this.#options.bucket);
    if (unreadable.length > 0)
      this.#options.telemetry.logger.error('messages that are no notifications', { unreadable });
    const failed = await this.#loadAll(objects, timeLeftMs);
    const ids = new Set([...unreadable, ...failed.flatMap(({ messageIds }) => messageIds)]);
    return { batchItemFailures: [...ids].map((itemIdentifier) => ({ itemIdentifier })) };
  }

  /** Loads what has landed and was never told of, or was given up. */
  async reconcile({ days = 7, graceMinutes = 10 }: ReconcileRequest, timeLeftMs: () => number): Promise<Reconciled> {
    const { s3, bucket, warehouse, telemetry } = this.#options;
    const unloaded = await findUnloaded({ s3, bucket, warehouse, since: daysAgo(days, this.#now()) });
    const found = unloaded.filter(({ landedAtMs }) => landedAtMs <= this.#now() - graceMinutes * 60_000);
    const failed = await this.#loadAll(found, timeLeftMs);
    if (found.length > 0)
      telemetry.logger.warn('objects had not been loaded', { found: found.length, failed: failed.length });
    return { found: found.length, loaded: found.length - failed.length };
  }

  /** Resolves with the objects that could not be loaded. */
  async #loadAll<T extends StoredObject>(objects: readonly T[], timeLeftMs: () => number): Promise<T[]> {
    const failed: T[] = [];
    let failures = 0;
    const attempt = async (group: readonly T[]): Promise<boolean> => {
      if (failures >= failuresMax || timeLeftMs() < timeLeftMsMin) return false;
      const isLoaded = await this.#load(group);
      failures = isLoaded ? 0 : failures + 1;
      return isLoaded;
    };
    for (const group of groups(objects)) {
      if (await attempt(group)) continue;
      // One object may be at fault: the others are loaded without it.
      for (const object of group) if (group.length === 1 || !(await attempt([object]))) failed.push(object);
    }
    return failed;
  }

  /** False when it failed; then nothing was loaded. */
  async #load(objects: readonly StoredObject[]): Promise<boolean> {
    const { warehouse, telemetry } = this.#options;
    try {
      const result = await warehouse.load(await this.#sequenced(objects));
      this.#report(result);
      await this.#reportRefused(result).catch((error: unknown) => telemetry.logger.warn('no count', error as Error));
      return true;
    } catch (error) {
      telemetry.count('LoaderFailures', 1);
      telemetry.logger.error('a load failed', { error: error as Error, keys: objects.map(({ key }) => key) });
      return false;
    }
  }

  async #sequenced(objects: readonly StoredObject[]): Promise<SegmentFile[]> {
    const { warehouse, bucket } = this.#options;
    const sequences = await warehouse.sequenceObjects(objects);
    return objects.map(({ key, bytes, landedAtMs }) => {
      const sequence = sequences.get(key);
      if (sequence === undefined) throw new Error(`The warehouse gave ${key} no number.`);
      // The number of records is known once the object is read.
      return { sequence, path: `s3://${bucket}/${key}`, records: 0, bytes, sealedAtMs: landedAtMs };
    });
  }

  #report({ entries, acceptedAtMs }: LoadResult): void {
    const { count, logger } = this.#options.telemetry;
    if (entries.length === 0) return;
    const totals = Object.fromEntries(
      (['records', 'loaded', 'duplicates', 'superseded', 'quarantined'] as const).map((name) => [
        name,
        entries.reduce((total, entry) => total + entry[name], 0),
      ]),
    );
    const nowMs = this.#now();
    const oldestMs = acceptedAtMs.reduce((least, at) => Math.min(least, at), nowMs);
    const freshnessSeconds = (nowMs - oldestMs) / 1000;
    count('RecordsLoaded', totals['loaded'] ?? 0);
    count('Quarantined', totals['quarantined'] ?? 0);
    if (acceptedAtMs.length > 0) count('FreshnessSeconds', freshnessSeconds);
    logger.info('loaded', { objects: entries.length, ...totals, freshnessSeconds });
  }

  /** Lines that are no records, and records that COPY did not take, are among what went to quarantine. */
  async #reportRefused({ entries }: LoadResult): Promise<void> {
    const segments = entries.filter(({ quarantined }) => quarantined > 0).map(({ segment }) => segment);
    if (segments.length === 0) return;
    const [row] = await this.#options.warehouse.query(
      `SELECT COUNT(*) AS records FROM quarantine
      WHERE code = 'unreadable_record' AND segment BETWEEN $first AND $last`,
      { first: Math.min(...segments), last: Math.max(...segments) },
    );
    this.#options.telemetry.count('CopyErrors', Number(row?.['records']));
  }
}

/** The objects in their order, as many together as one transaction takes. */
function* groups<T extends StoredObject>(objects: readonly T[]): Generator<T[]> {
  let group: T[] = [];
  let bytes = 0;
  for (const object of objects) {
    if (group.length === loadLimits.objects || (group.length > 0 && bytes + object.bytes > loadLimits.bytes)) {
      yield group;
      [group, bytes] = [[], 0];
    }
    group.push(object);
    bytes += object.bytes;
  }
  if (group.length > 0) yield group;
}
