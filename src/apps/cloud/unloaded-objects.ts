import { ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import type { Warehouse } from '../../warehouse/warehouse.ts';
import { landingPrefixes, type StoredObject } from './landed-objects.ts';

export interface UnloadedOptions {
  readonly s3: S3Client;
  readonly bucket: string;
  readonly warehouse: Pick<Warehouse, 'query'>;
  /** Looks no further back than this day, YYYY-MM-DD. */
  readonly since: string;
}

const dayMs = 86_400_000;

/** The UTC day so many days ago, as `since` wants it. */
export function daysAgo(days: number, nowMs: number): string {
  return new Date(nowMs - days * dayMs).toISOString().slice(0, 10);
}

/** Holds the bucket against the ledger: what landed and is not loaded, the oldest first. */
export async function findUnloaded(options: UnloadedOptions): Promise<StoredObject[]> {
  const unloaded: StoredObject[] = [];
  for (const prefix of landingPrefixes) {
    for await (const page of pagesOf(options, prefix)) {
      const loaded = await loadedAmong(options.warehouse, page);
      unloaded.push(...page.filter(({ key }) => !loaded.has(key)));
    }
  }
  return unloaded.sort((a, b) => a.landedAtMs - b.landedAtMs || (a.key < b.key ? -1 : 1));
}

/**
 * Firehose writes the hour into its keys, `landing/2026/11/22/…`, so that older ones are passed over; objects of
 * records that were too large for it are named `landing/direct/…`, which comes after every year.
 */
async function* pagesOf({ s3, bucket, since }: UnloadedOptions, prefix: string): AsyncGenerator<StoredObject[]> {
  let token: string | undefined;
  do {
    const { Contents = [], NextContinuationToken } = await s3.send(
      new ListObjectsV2Command({
        Bucket: bucket,
        Prefix: prefix,
        StartAfter: `${prefix}${since.replaceAll('-', '/')}`,
        ...(token && { ContinuationToken: token }),
      }),
    );
    const objects = Contents.map(({ Key = '', Size = 0, LastModified }) => ({
      key: Key,
      bytes: Size,
      landedAtMs: LastModified?.getTime() ?? 0,
    }));
    if (objects.length > 0) yield objects.filter(({ key }) => !key.endsWith('/'));
    token = NextContinuationToken;
  } while (token);
}

const loadedSql = `
  SELECT o.object_key
  FROM landed_object o
  JOIN load_ledger l ON l.segment = o.sequence
  WHERE o.object_key BETWEEN $first AND $last`;

async function loadedAmong(
  warehouse: Pick<Warehouse, 'query'>,
  objects: readonly StoredObject[],
): Promise<ReadonlySet<string>> {
  const [first, last] = [objects[0]?.key, objects.at(-1)?.key];
  if (first === undefined || last === undefined) return new Set();
  const rows = await warehouse.query(loadedSql, { first, last });
  return new Set(rows.map((row) => String(row['object_key'])));
}
