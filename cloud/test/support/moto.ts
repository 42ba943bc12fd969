import { S3Client } from '@aws-sdk/client-s3';
import { type MotoServer, startMoto as startServer } from '../../../test/support/moto-server.ts';

/** Services of AWS on this machine: S3, Firehose, SQS, Secrets Manager; not the Redshift Data API. */
export interface Moto extends MotoServer {
  readonly endpoint: string;
  /** A client for its S3, to look and to put. */
  readonly s3: S3Client;
}

/** What the SDK signs with; moto takes anything. */
export const credentials = { accessKeyId: 'test', secretAccessKey: 'test-secret' };
export const region = 'us-east-1';

/** Starts moto on a free port. */
export async function startMoto(): Promise<Moto> {
  const server = await startServer();
  const endpoint = server.environment['AWS_ENDPOINT_URL_S3'] ?? '';
  const s3 = new S3Client({
    endpoint,
    region,
    credentials,
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
  });
  return {
    ...server,
    endpoint,
    s3,
    async stop() {
      s3.destroy();
      await server.stop();
    },
  };
}
