import type { S3Event, S3EventRecord, SQSEvent, SQSRecord } from 'aws-lambda';

/** Below these prefixes Firehose and the functions put records; everything else in the bucket is made from them. */
export const landingPrefixes = ['landing/', 'quarantine/'] as const;

/** An object of the landing or the quarantine prefix. */
export interface StoredObject {
  readonly key: string;
  readonly bytes: number;
  /** When it was written, milliseconds since 1970. */
  readonly landedAtMs: number;
}

/** An object that SQS tells of, with the messages that do. */
export interface NotifiedObject extends StoredObject {
  readonly messageIds: string[];
}

/** What an SQS event says has landed. */
export interface Landed {
  /** Each object once. */
  readonly objects: readonly NotifiedObject[];
  /** Messages that are no notification of S3 about this bucket. */
  readonly unreadable: readonly string[];
}

/** Reads S3 notifications out of SQS messages. The test event that S3 sends when it is set up tells of nothing. */
export function readNotifications({ Records }: SQSEvent, bucket: string): Landed {
  const objects = new Map<string, NotifiedObject>();
  const unreadable: string[] = [];
  for (const message of Records) {
    const told = objectsIn(message, bucket);
    if (told === undefined) unreadable.push(message.messageId);
    for (const object of told ?? []) {
      const known = objects.get(object.key);
      if (known) known.messageIds.push(message.messageId);
      else objects.set(object.key, { ...object, messageIds: [message.messageId] });
    }
  }
  return { objects: [...objects.values()], unreadable };
}

/** Undefined when the message is none of ours. */
function objectsIn({ body }: SQSRecord, bucket: string): StoredObject[] | undefined {
  try {
    const notification: Partial<S3Event> & { Event?: unknown } = JSON.parse(body);
    if (notification.Event === 's3:TestEvent') return [];
    return notification.Records?.map((record) => objectOf(record, bucket)).filter(({ key }) => isLanding(key));
  } catch {
    return undefined;
  }
}

function objectOf({ eventTime, s3 }: S3EventRecord, bucket: string): StoredObject {
  if (s3.bucket.name !== bucket) throw new Error('A notification of another bucket.');
  const landedAtMs = Date.parse(eventTime);
  if (Number.isNaN(landedAtMs)) throw new Error('A notification without a time.');
  // Keys come as forms write them: a plus sign for a space.
  const key = decodeURIComponent(s3.object.key.replaceAll('+', ' '));
  return { key, bytes: s3.object.size, landedAtMs };
}

function isLanding(key: string): boolean {
  return landingPrefixes.some((prefix) => key.startsWith(prefix)) && !key.endsWith('/');
}
