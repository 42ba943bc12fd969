import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance, listValue } from '@duckdb/node-api';
import { sha256Of } from '../../archive/durable-files.ts';
import type { Manifest } from '../../archive/manifest.ts';
import type { DeliveredDrop, DeliveredLines, DeliveredOrder, DeliveredReject } from '../../contract/delivered-order.ts';
import type { RecordPlace } from './coverage.ts';

/** A record as a segment file carries it, and where it was accepted. */
export interface PlacedRecord extends RecordPlace {
  readonly record: Buffer;
}

const memoryLimit = '256MB';

type Members<Kind> = Record<Exclude<keyof Kind, 'type' | 'lines' | 'replays'>, string>;

/** Columns of the archive by the members of a record; the compiler refuses a list that forgets one. */
const order = {
  order_key: 'CAST(order_key AS VARCHAR)',
  source: 'source',
  order_id: 'order_id',
  revision: 'revision',
  status: 'status',
  ordered_at_ms: 'ordered_at_ms',
  utc_offset_minutes: 'utc_offset_minutes',
  store_id: 'store_id',
  customer_id: 'customer_id',
  channel: 'channel',
  deliver_state: 'deliver_state',
  deliver_city: 'deliver_city',
  deliver_zip: 'deliver_zip',
  promised_at_ms: 'promised_at_ms',
  completed_at_ms: 'completed_at_ms',
  accepted_at_ms: 'accepted_at_ms',
} satisfies Members<DeliveredOrder>;
const lines = {
  kind: 'kind',
  menu_item: 'menu_item',
  size: 'size',
  combination: 'combination',
  quantity: 'quantity',
  gross_cents: 'gross_cents',
  discount_cents: 'discount_cents',
} satisfies Record<keyof DeliveredLines, string>;
const reject = {
  quarantine_id: 'quarantine_id',
  source: 'source',
  code: 'code',
  reason: 'reason',
  origin: 'origin',
  bytes: 'bytes',
  accepted_at_ms: 'accepted_at_ms',
} satisfies Members<DeliveredReject>;
const drop = { quarantine_id: 'quarantine_id', accepted_at_ms: 'accepted_at_ms' } satisfies Members<DeliveredDrop>;

const struct = (members: Readonly<Record<string, string>>): string =>
  `{${Object.entries(members)
    .map(([name, expression]) => `'${name}': ${expression}`)
    .join(', ')}}`;
const orderWith = (more: Readonly<Record<string, string>>): string =>
  `to_json(${struct({ type: 'type', ...order, lines: struct(lines), ...more })})`;

const recordsSql = `
  SELECT CAST(segment AS DOUBLE), CAST(position AS DOUBLE), CAST(CASE
    WHEN type = 'order' AND replays IS NULL THEN ${orderWith({})}
    WHEN type = 'order' THEN ${orderWith({ replays: 'replays' })}
    WHEN type = 'reject' THEN to_json(${struct({ type: 'type', ...reject })})
    ELSE to_json(${struct({ type: 'type', ...drop })})
  END AS VARCHAR)
  FROM read_parquet($paths, hive_partitioning = false, union_by_name = true)
  ORDER BY segment, position`;

/**
 * The records of a batch of the archive, in the order they were accepted. A database of its own reads them, on one
 * thread and in little memory.
 *
 * @param archive folder of the archive
 * @throws Error that names a file which is not as it was written; with code ENOENT when one is gone
 */
export async function* archivedRecords(archive: string, { files }: Manifest): AsyncGenerator<PlacedRecord> {
  const paths = files.map(({ path }) => join(archive, path));
  for (const [index, { sha256 }] of files.entries()) {
    const path = paths[index] ?? '';
    if ((await sha256Of(path)) !== sha256)
      throw new Error(`The archive's file ${path} is not as it was written. Bring it back from a backup.`);
  }
  const spill = await mkdtemp(join(tmpdir(), 'slicehouse-export-'));
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    memory_limit: memoryLimit,
    threads: '1',
    temp_directory: spill,
  });
  try {
    const connection = await instance.connect();
    const result = await connection.stream(recordsSql, { paths: listValue(paths) });
    for await (const rows of result.yieldRowsJs()) {
      for (const [segment, position, record] of rows)
        yield { segment: Number(segment), position: Number(position), record: Buffer.from(String(record)) };
    }
  } finally {
    instance.closeSync();
    await rm(spill, { recursive: true, force: true });
  }
}
