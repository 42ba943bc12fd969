import { DeleteObjectCommand, HeadObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { DeliveredRecord } from '../../contract/delivered-order.ts';
import { SlicehouseError } from '../../contract/errors.ts';
import type { RecordAppender } from '../../stream/stream.ts';

export interface QuarantineClaimsOptions {
  readonly stream: RecordAppender;
  readonly s3: S3Client;
  readonly bucket: string;
  readonly now?: () => number;
}

/** A claim that is older was left behind by a function that ended; what it had appended has been loaded since. */
const claimMsMax = 15 * 60_000;
const claimsAtOnce = 16;

/**
 * An appender that takes no record out of quarantine a second time while the first is on its way: each instance of a
 * function knows only of its own. A claim is an object that can be written once.
 */
export function claiming(options: QuarantineClaimsOptions): RecordAppender {
  return {
    async append(records) {
      const ids = records.flatMap((record) => takenOut(record) ?? []);
      const claimed: string[] = [];
      try {
        for (let at = 0; at < ids.length; at += claimsAtOnce)
          await Promise.all(ids.slice(at, at + claimsAtOnce).map((id) => claim(options, id, claimed)));
        await options.stream.append(records);
      } catch (error) {
        // An append that failed may have been taken in part: its claims stay until they are old.
        if (error instanceof SlicehouseError && error.code === 'already_resolved')
          await Promise.allSettled(claimed.map((id) => release(options, id)));
        throw error;
      }
    },
  };
}

/** The quarantined record that a record takes out, if it does. */
function takenOut(json: string): string | undefined {
  if (!json.includes('"replays":') && !json.startsWith('{"type":"drop"')) return undefined;
  const record = JSON.parse(json) as DeliveredRecord;
  if (record.type === 'drop') return record.quarantine_id;
  return record.type === 'order' ? record.replays : undefined;
}

const placeOf = (bucket: string, id: string) => ({ Bucket: bucket, Key: `claims/${id}` });

async function claim(options: QuarantineClaimsOptions, id: string, claimed: string[]): Promise<void> {
  const { s3, bucket, now = Date.now } = options;
  const place = placeOf(bucket, id);
  const put = (condition: { IfNoneMatch: '*' } | { IfMatch: string | undefined }) =>
    s3.send(new PutObjectCommand({ ...place, Body: id, ...condition }));
  try {
    await put({ IfNoneMatch: '*' });
  } catch (error) {
    if (!isTaken(error)) throw error;
    const { LastModified, ETag } = await s3.send(new HeadObjectCommand(place));
    if (now() - (LastModified?.getTime() ?? 0) < claimMsMax) throw underWay(id, error);
    await put({ IfMatch: ETag }).catch((failed: unknown) => {
      throw isTaken(failed) ? underWay(id, failed) : failed;
    });
  }
  claimed.push(id);
}

async function release({ s3, bucket }: QuarantineClaimsOptions, id: string): Promise<void> {
  await s3.send(new DeleteObjectCommand(placeOf(bucket, id)));
}

/** 412: it is there already; 409: somebody writes it at this moment. */
function isTaken(error: unknown): boolean {
  const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
  return status === 412 || status === 409;
}

function underWay(id: string, cause: unknown): SlicehouseError {
  const detail = `Record ${id} is on its way out of quarantine already. Look again in a minute.`;
  return new SlicehouseError('already_resolved', detail, { cause });
}
