import { CreateDeliveryStreamCommand, FirehoseClient } from '@aws-sdk/client-firehose';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { CreateSecretCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { startMoto } from '../../../test/support/moto-server.ts';
import type { LandedObject } from './lambda-events.ts';

/** Names of what the stacks would make. */
export const cloudNames = {
  bucket: 'slicehouse-test-data',
  ordersStream: 'slicehouse-test-orders',
  rejectsStream: 'slicehouse-test-rejects',
  keysSecret: 'slicehouse-test/keys',
  censusSecret: 'slicehouse-test/census',
} as const;

/** The AWS services that the functions use, on this machine. */
export interface Cloud {
  readonly endpoint: string;
  readonly s3: S3Client;
  readonly firehose: FirehoseClient;
  readonly secrets: SecretsManagerClient;
  /** Every object below a prefix by its key, in the order of the keys. */
  objects(prefix: string): Promise<{ readonly key: string; readonly text: string }[]>;
  /** What Firehose and the functions have put below `landing/` and `quarantine/`, as S3 tells of it. */
  landed(): Promise<LandedObject[]>;
  putKeys(keys: readonly object[]): Promise<void>;
  stop(): Promise<void>;
}

const account = { region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test-secret' } };

/** Starts moto with the bucket, the delivery streams and the secrets of the stacks. */
export async function startCloud(): Promise<Cloud> {
  const moto = await startMoto();
  const endpoint = String(moto.environment['AWS_ENDPOINT_URL_S3']);
  const s3 = new S3Client({ ...account, endpoint, forcePathStyle: true, requestChecksumCalculation: 'WHEN_REQUIRED' });
  const firehose = new FirehoseClient({ ...account, endpoint });
  const secrets = new SecretsManagerClient({ ...account, endpoint });
  await s3.send(new CreateBucketCommand({ Bucket: cloudNames.bucket }));
  await createStream(firehose, cloudNames.ordersStream, 'landing/');
  await createStream(firehose, cloudNames.rejectsStream, 'quarantine/');
  await secrets.send(new CreateSecretCommand({ Name: cloudNames.keysSecret, SecretString: '[]' }));
  return {
    endpoint,
    s3,
    firehose,
    secrets,
    objects: (prefix) => objectsOf(s3, prefix),
    landed: async () => [...(await listed(s3, 'landing/')), ...(await listed(s3, 'quarantine/'))],
    putKeys: async (keys) => {
      const SecretString = JSON.stringify(keys);
      await secrets.send(new PutSecretValueCommand({ SecretId: cloudNames.keysSecret, SecretString }));
    },
    stop: async () => {
      for (const client of [s3, firehose, secrets]) client.destroy();
      await moto.stop();
    },
  };
}

async function createStream(firehose: FirehoseClient, name: string, prefix: string): Promise<void> {
  await firehose.send(
    new CreateDeliveryStreamCommand({
      DeliveryStreamName: name,
      DeliveryStreamType: 'DirectPut',
      ExtendedS3DestinationConfiguration: {
        BucketARN: `arn:aws:s3:::${cloudNames.bucket}`,
        RoleARN: 'arn:aws:iam::123456789012:role/firehose',
        Prefix: prefix,
      },
    }),
  );
}

async function listed(s3: S3Client, prefix: string): Promise<LandedObject[]> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: cloudNames.bucket, Prefix: prefix }));
  return Contents.map(({ Key = '', Size = 0 }) => ({ key: Key, bytes: Size }));
}

async function objectsOf(s3: S3Client, prefix: string): Promise<{ key: string; text: string }[]> {
  return Promise.all(
    (await listed(s3, prefix)).map(async ({ key }) => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: cloudNames.bucket, Key: key }));
      return { key, text: (await Body?.transformToString()) ?? '' };
    }),
  );
}

/** What a function finds in its environment, with the endpoint of each service where it differs from moto's. */
export function functionEnvironment(
  cloud: Pick<Cloud, 'endpoint'>,
  endpoints: { readonly firehose?: string; readonly s3?: string; readonly redshift?: string } = {},
): Record<string, string> {
  return {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test-secret',
    AWS_ENDPOINT_URL: cloud.endpoint,
    AWS_ENDPOINT_URL_S3: endpoints.s3 ?? cloud.endpoint,
    AWS_ENDPOINT_URL_FIREHOSE: endpoints.firehose ?? cloud.endpoint,
    ...(endpoints.redshift && { AWS_ENDPOINT_URL_REDSHIFT_DATA: endpoints.redshift }),
    SLICEHOUSE_BUCKET: cloudNames.bucket,
    SLICEHOUSE_ORDERS_STREAM: cloudNames.ordersStream,
    SLICEHOUSE_REJECTS_STREAM: cloudNames.rejectsStream,
    SLICEHOUSE_KEYS_SECRET: cloudNames.keysSecret,
    SLICEHOUSE_CENSUS_SECRET: cloudNames.censusSecret,
    SLICEHOUSE_WORKGROUP: 'slicehouse-test',
    SLICEHOUSE_DATABASE: 'slicehouse',
    SLICEHOUSE_COPY_ROLE: 'arn:aws:iam::123456789012:role/slicehouse-test-copy',
    SLICEHOUSE_LOG_LEVEL: 'silent',
    POWERTOOLS_DEV: 'false',
  };
}
