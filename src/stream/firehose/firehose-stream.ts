import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { DeliveredRecord } from '../../contract/delivered-order.ts';
import { SlicehouseError } from '../../contract/errors.ts';
import type { RecordAppender } from '../stream.ts';
import { putBatches, putLimits } from './put-batches.ts';

export interface FirehoseStreamOptions {
  readonly firehose: FirehoseClient;
  readonly s3: S3Client;
  /** Delivery streams: orders and drops go to the one, rejects to the other. */
  readonly ordersStream: string;
  readonly rejectsStream: string;
  /** Where both deliver to: below `landing/` and `quarantine/`. */
  readonly bucket: string;
  /** How long one call of `append` goes on sending what Firehose does not take; default 10 s. */
  readonly patienceMs?: number;
}

const firstDelayMs = 50;
const delayMsMax = 2_000;
const retryAfterSeconds = 5;
const objectsAtOnce = 4;
const newline = Buffer.from('\n');

/** Where records of a type go: the delivery stream, and the prefix that it delivers to. */
type Road = 'landing/' | 'quarantine/';
const roadOf: Readonly<Record<DeliveredRecord['type'], Road>> = {
  order: 'landing/',
  drop: 'landing/',
  reject: 'quarantine/',
};

/**
 * The appending half of a delivery stream on Amazon Data Firehose. What is appended twice, because an answer was lost,
 * counts once: loading sees to that.
 */
export class FirehoseStream implements RecordAppender {
  readonly #options: FirehoseStreamOptions;

  constructor(options: FirehoseStreamOptions) {
    this.#options = options;
  }

  /**
   * Resolves when Firehose has every record. A record that is too large for Firehose becomes an object of its own where
   * Firehose would have delivered it.
   *
   * @throws SlicehouseError `overloaded` when Firehose or S3 goes on refusing; some of the records may be taken then
   */
  async append(records: readonly string[]): Promise<void> {
    const deadlineMs = performance.now() + (this.#options.patienceMs ?? 10_000);
    const roads: Record<Road, Buffer[]> = { 'landing/': [], 'quarantine/': [] };
    for (const record of records) roads[roadOf[recordType(record)]].push(Buffer.from(`${record}\n`));
    await Promise.all([
      this.#send(this.#options.ordersStream, 'landing/', roads['landing/'], deadlineMs),
      this.#send(this.#options.rejectsStream, 'quarantine/', roads['quarantine/'], deadlineMs),
    ]);
  }

  async #send(stream: string, road: Road, records: readonly Buffer[], deadlineMs: number): Promise<void> {
    const fits = ({ length }: Buffer): boolean => length <= putLimits.recordBytes;
    for (const batch of putBatches(records.filter(fits))) await this.#putAll(stream, batch, deadlineMs);
    const large = records.filter((record) => !fits(record));
    for (let at = 0; at < large.length; at += objectsAtOnce)
      await Promise.all(large.slice(at, at + objectsAtOnce).map((record) => this.#putObject(road, record)));
  }

  /** Sends a batch, then again what failed of it, with growing waits. */
  async #putAll(stream: string, batch: readonly Buffer[], deadlineMs: number): Promise<void> {
    let left = batch;
    for (let delayMs = firstDelayMs; ; delayMs = Math.min(delayMs * 2, delayMsMax)) {
      const outcome = await this.#put(stream, left);
      if (outcome.left.length === 0) return;
      left = outcome.left;
      // Half of the wait is chance, so that senders who were refused together do not come back together.
      const waitMs = delayMs * (0.5 + Math.random() / 2);
      if (performance.now() + waitMs > deadlineMs) throw overloaded(outcome.reason);
      await sleep(waitMs);
    }
  }

  /** Sends once and tells what Firehose did not take. */
  async #put(stream: string, records: readonly Buffer[]): Promise<{ left: readonly Buffer[]; reason?: unknown }> {
    try {
      const { FailedPutCount, RequestResponses = [] } = await this.#options.firehose.send(
        new PutRecordBatchCommand({ DeliveryStreamName: stream, Records: records.map((Data) => ({ Data })) }),
      );
      if (FailedPutCount === 0) return { left: [] };
      const failed = RequestResponses.find(({ ErrorCode }) => ErrorCode !== undefined);
      // An answer that is shorter than what was sent says nothing of the rest: that is sent again.
      return { left: records.filter((_, index) => !RequestResponses[index]?.RecordId), reason: failed?.ErrorCode };
    } catch (error) {
      if (!mayPass(error)) throw error;
      return { left: records, reason: error };
    }
  }

  async #putObject(road: Road, record: Buffer): Promise<void> {
    const Key = `${road}direct/${createHash('sha256').update(record).digest('hex')}.ndjson`;
    try {
      await this.#options.s3.send(new PutObjectCommand({ Bucket: this.#options.bucket, Key, Body: record }));
    } catch (error) {
      throw mayPass(error) ? overloaded(error) : error;
    }
  }
}

/**
 * The type of a record, which stands first in it.
 *
 * @throws Error for a text that no stage makes
 */
export function recordType(record: string): DeliveredRecord['type'] {
  const type = /^\{"type":"(order|reject|drop)"/.exec(record)?.[1];
  if (type === undefined || record.includes(String(newline))) throw new Error('This is no record of one line.');
  return type as DeliveredRecord['type'];
}

const passingNames: ReadonlySet<string> = new Set([
  'ServiceUnavailableException',
  'ThrottlingException',
  'SlowDown',
  'LimitExceededException',
  'TimeoutError',
  // Credentials that ran out are replaced by the runtime; the next attempt is signed with those.
  'ExpiredToken',
  'ExpiredTokenException',
]);

/** Whether trying again makes sense: throttles, failures of the service or the way there, credentials that ran out. */
function mayPass(error: unknown): boolean {
  const { name, code, $metadata, $retryable } = error as Error & {
    code?: unknown;
    $metadata?: { httpStatusCode?: number };
    $retryable?: unknown;
  };
  const status = $metadata?.httpStatusCode;
  // Broken connections have the system's code for what happened, and no status.
  if (status === undefined && typeof code === 'string') return true;
  return passingNames.has(name) || $retryable !== undefined || status === 429 || (status ?? 0) >= 500;
}

function overloaded(cause: unknown): SlicehouseError {
  const detail = 'The delivery stream does not take more at the moment. Send it again: what was taken counts once.';
  return new SlicehouseError('overloaded', detail, { retryAfterSeconds, cause });
}
