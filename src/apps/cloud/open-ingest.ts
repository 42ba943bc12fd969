import { createVocabulary, defaultSynonyms, type Synonyms, type Vocabulary } from '../../contract/vocabulary.ts';
import { ingestRoutes } from '../../ingest/routes.ts';
import { Ingest } from '../../ingest/take-orders.ts';
import { FirehoseStream } from '../../stream/firehose/firehose-stream.ts';
import type { RecordAppender } from '../../stream/stream.ts';
import { firehoseClient, s3Client } from './aws-clients.ts';
import { readOptional, readSettings } from './environment.ts';
import { createLambdaApp, type ProxyHandler, proxyOf } from './lambda-app.ts';
import { metered } from './metered-appender.ts';
import type { Telemetry } from './telemetry.ts';

/** The way in: `POST /v1/orders` as on one machine, with Firehose in the place of segment files. */
export async function openIngest(telemetry: Telemetry): Promise<ProxyHandler> {
  const { keysSecret } = readSettings(['keysSecret']);
  const { app, access } = await createLambdaApp(telemetry, keysSecret);
  ingestRoutes(app, createIngest(telemetry), access);
  return proxyOf(app);
}

/** What takes orders and puts them on the delivery streams that the environment names. */
export function createIngest(telemetry: Telemetry): Ingest {
  return new Ingest({ stream: openStream(telemetry), vocabulary: readVocabulary(), now: Date.now });
}

/** The delivery streams that the environment names. */
export function openStream(telemetry: Telemetry): RecordAppender {
  const { bucket, ordersStream, rejectsStream } = readSettings(['bucket', 'ordersStream', 'rejectsStream']);
  const stream = new FirehoseStream({
    firehose: firehoseClient(telemetry),
    s3: s3Client(telemetry),
    bucket,
    ordersStream,
    rejectsStream,
  });
  return metered(stream, telemetry);
}

/** @throws Error when SLICEHOUSE_SYNONYMS is no JSON */
function readVocabulary(): Vocabulary {
  const written = readOptional('SLICEHOUSE_SYNONYMS', '{}');
  try {
    return createVocabulary(defaultSynonyms, JSON.parse(written) as Synonyms);
  } catch (cause) {
    throw new Error('SLICEHOUSE_SYNONYMS must be JSON such as {"topping":{"pepperoni":["roni"]}}.', { cause });
  }
}
