import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { RefreshStep } from '../../refresh/refresh.ts';
import { sourceStep } from '../../refresh/source-step.ts';
import { CuratedSource } from '../../sources/curated/curated-source.ts';
import type { Warehouse } from '../../warehouse/warehouse.ts';

export interface CuratedStepOptions {
  readonly s3: S3Client;
  readonly bucket: string;
  readonly warehouse: Warehouse;
  /** For temporary files: room for one table as NDJSON, about 150 bytes a customer. */
  readonly folder: string;
  readonly now: () => number;
}

const prefix = 'curated/';
/** How far each table has been taken over. The job reads it too: it begins there. */
const appliedKey = `${prefix}_applied.json`;

/**
 * The step of the refresh that takes over what the Glue job has made of the tables of MySQL. It may run again at any
 * time: a run of the job that is taken over already changes nothing.
 */
export function curatedStep({ s3, bucket, warehouse, folder, now }: CuratedStepOptions): RefreshStep {
  const statePath = join(folder, 'curated-applied.json');
  return {
    name: 'sources',
    async run(context) {
      const source = await CuratedSource.open({ client: s3, bucket, prefix, now }, context.signal);
      if (source.tables.length === 0) {
        return {
          rows: null,
          skipped: true,
          detail: `The Glue job has written nothing to s3://${bucket}/${prefix} yet.`,
        };
      }
      const before = await fetchState(s3, bucket, statePath);
      try {
        return await sourceStep({ source, warehouse, sink: warehouse, folder, statePath, now }).run(context);
      } finally {
        // Also when a table failed: the others have got further.
        await storeState(s3, bucket, statePath, before);
      }
    },
  };
}

/** A function's folder may hold what an earlier call left. */
async function fetchState(s3: S3Client, bucket: string, statePath: string): Promise<string | undefined> {
  await rm(statePath, { force: true });
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: appliedKey }));
    const state = (await Body?.transformToString()) ?? '';
    await writeFile(statePath, state);
    return state;
  } catch (error) {
    if ((error as Error).name === 'NoSuchKey') return undefined;
    throw error;
  }
}

async function storeState(s3: S3Client, bucket: string, statePath: string, before: string | undefined): Promise<void> {
  const state = await readFile(statePath, 'utf8').catch(() => undefined);
  if (state === undefined || state === before) return;
  await s3.send(
    new PutObjectCommand({ Bucket: bucket, Key: appliedKey, Body: state, ContentType: 'application/json' }),
  );
}
