import { FirehoseClient } from '@aws-sdk/client-firehose';
import { RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Telemetry } from './telemetry.ts';

type Traced = Pick<Telemetry, 'traced'>;

/** Makes a client of S3. */
export function s3Client({ traced }: Traced): S3Client {
  const isElsewhere = Boolean(process.env['AWS_ENDPOINT_URL_S3'] || process.env['AWS_ENDPOINT_URL']);
  return traced(
    new S3Client({
      // Services that only speak its API have no host name for each bucket, and know no checksum trailers.
      forcePathStyle: isElsewhere,
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    }),
  );
}

/** Makes a client of Amazon Data Firehose. */
export function firehoseClient({ traced }: Traced): FirehoseClient {
  return traced(new FirehoseClient({}));
}

/** Makes a client of Secrets Manager. */
export function secretsClient({ traced }: Traced): SecretsManagerClient {
  return traced(new SecretsManagerClient({}));
}

/** Makes a client of the Redshift Data API. */
export function redshiftClient({ traced }: Traced): RedshiftDataClient {
  return traced(new RedshiftDataClient({}));
}
