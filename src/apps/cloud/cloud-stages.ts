import { gunzipSync } from 'node:zlib';
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { PipelineAnswer } from '../../contract/pipeline.ts';
import { splitLines } from '../../http/split-lines.ts';
import type { Warehouse } from '../../warehouse/warehouse.ts';
import type { StoredObject } from './landed-objects.ts';
import { daysAgo, findUnloaded } from './unloaded-objects.ts';

type Stages = Pick<PipelineAnswer, 'freshness' | 'backlog'>;

export interface CloudStagesOptions {
  readonly s3: S3Client;
  readonly bucket: string;
  readonly warehouse: Pick<Warehouse, 'query'>;
  readonly now: () => number;
}

/** Of the newest objects, how many the freshness figures are of. */
const newestObjects = 500;
/** Of what waits, how many objects are read to count their records; the rest is reckoned from these. */
const countedObjects = 20;

const freshnessSql = `
  SELECT records, first_accepted_at, visible_at
  FROM load_ledger
  WHERE first_accepted_at IS NOT NULL AND visible_at IS NOT NULL
  ORDER BY segment DESC
  LIMIT ${newestObjects}`;

/**
 * How fresh the warehouse is and what waits, read from the ledger and the bucket: no function has seen more than its own
 * part. The freshness of an object is that of its oldest record. What Firehose holds, for its buffer's seconds, is in
 * neither.
 */
export async function readStages(options: CloudStagesOptions): Promise<Stages> {
  const [freshness, backlog] = await Promise.all([readFreshness(options), readBacklog(options)]);
  return { freshness, backlog };
}

async function readFreshness({ warehouse }: CloudStagesOptions): Promise<Stages['freshness']> {
  const rows = await warehouse.query(freshnessSql);
  const ages = rows
    .map((row) => Date.parse(String(row['visible_at'])) - Date.parse(String(row['first_accepted_at'])))
    .map((age) => Math.max(0, age))
    .sort((a, b) => a - b);
  const at = (share: number): number | null => ages[Math.ceil(share * ages.length) - 1] ?? null;
  const records = rows.reduce((sum, row) => sum + Number(row['records']), 0);
  return { p50_ms: at(0.5), p99_ms: at(0.99), max_ms: at(1), records };
}

async function readBacklog(options: CloudStagesOptions): Promise<Stages['backlog']> {
  const waiting = await findUnloaded({ ...options, since: daysAgo(2, options.now()) });
  const bytes = sizeOf(waiting);
  const counted = waiting.slice(0, countedObjects);
  const records = (await Promise.all(counted.map((object) => countRecords(options, object)))).reduce(
    (sum, count) => sum + count,
    0,
  );
  const [oldest] = waiting;
  return {
    bufferedBytes: 0,
    waitingSegments: waiting.length,
    waitingBytes: bytes,
    oldestWaitingMs: oldest ? Math.max(0, options.now() - oldest.landedAtMs) : null,
    unloadedRecords: records === 0 ? 0 : Math.round(records * (bytes / sizeOf(counted))),
    refusing: null,
  };
}

async function countRecords({ s3, bucket }: CloudStagesOptions, { key }: StoredObject): Promise<number> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  const stored = Buffer.from((await Body?.transformToByteArray()) ?? []);
  const isGzip = stored[0] === 0x1f && stored[1] === 0x8b;
  return splitLines(isGzip ? gunzipSync(stored) : stored).length;
}

function sizeOf(objects: readonly StoredObject[]): number {
  return objects.reduce((sum, { bytes }) => sum + bytes, 0);
}
