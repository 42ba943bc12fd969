import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Resource, resourcesOf, type Synthesized, statementsOf, synthesize } from './support/app.ts';

let dev: Synthesized;
beforeAll(async () => {
  dev = await synthesize();
});
afterAll(() => dev?.[Symbol.dispose]());

const stream = (type: string) => resourcesOf(dev.templates['Stream'], type);
const load = (type: string) => resourcesOf(dev.templates['Load'], type);
const only = (found: [string, Resource][]): Resource['Properties'] => {
  expect(found).toHaveLength(1);
  return found[0]?.[1].Properties ?? {};
};

describe('the delivery streams', () => {
  it('write gzipped segment files every 15 seconds, orders to landing/ and rejects to quarantine/', () => {
    const streams = stream('AWS::KinesisFirehose::DeliveryStream').map(([, { Properties }]) => Properties);
    const prefixes = streams.map(({ DeliveryStreamName, ExtendedS3DestinationConfiguration }) => [
      DeliveryStreamName,
      (ExtendedS3DestinationConfiguration as Record<string, unknown>)['Prefix'],
    ]);
    expect(prefixes).toEqual([
      ['slicehouse-dev-orders', 'landing/!{timestamp:yyyy/MM/dd/HH}/'],
      ['slicehouse-dev-rejects', 'quarantine/!{timestamp:yyyy/MM/dd/HH}/'],
    ]);
    for (const delivery of streams)
      expect(delivery).toMatchObject({
        DeliveryStreamType: 'DirectPut',
        DeliveryStreamEncryptionConfigurationInput: { KeyType: 'CUSTOMER_MANAGED_CMK' },
        ExtendedS3DestinationConfiguration: {
          BufferingHints: { IntervalInSeconds: 15, SizeInMBs: 5 },
          CompressionFormat: 'GZIP',
          EncryptionConfiguration: { KMSEncryptionConfig: { AWSKMSKeyARN: expect.anything() } },
          CloudWatchLoggingOptions: { Enabled: true },
          ErrorOutputPrefix: expect.stringMatching(/^undelivered\//),
        },
      });
  });

  it('change no record on its way', () => {
    for (const [, { Properties }] of stream('AWS::KinesisFirehose::DeliveryStream'))
      expect(Properties['ExtendedS3DestinationConfiguration']).not.toHaveProperty('ProcessingConfiguration');
  });
});

describe('the data bucket', () => {
  it('tells the queue of new objects under both prefixes, once it may', () => {
    const [bucket] = stream('AWS::S3::Bucket');
    const { NotificationConfiguration } = bucket?.[1].Properties ?? {};
    const { QueueConfigurations } = NotificationConfiguration as { QueueConfigurations: object[] };
    expect(QueueConfigurations).toEqual(
      ['landing/', 'quarantine/'].map((Value) => ({
        Event: 's3:ObjectCreated:*',
        Queue: { 'Fn::GetAtt': [expect.stringMatching(/^Landed(?!Dead)/), 'Arn'] },
        Filter: { S3Key: { Rules: [{ Name: 'prefix', Value }] } },
      })),
    );
    expect([bucket?.[1].DependsOn].flat()).toContainEqual(expect.stringMatching(/^LandedPolicy/));
  });

  it('keeps segment files, census figures and what says how far the Glue job is for good', () => {
    const { Rules } = only(stream('AWS::S3::Bucket'))['LifecycleConfiguration'] as {
      Rules: { Prefix?: string; ExpirationInDays?: number }[];
    };
    const expiring = Rules.filter(({ ExpirationInDays }) => ExpirationInDays !== undefined);
    expect(Object.fromEntries(expiring.map(({ Prefix, ExpirationInDays }) => [Prefix, ExpirationInDays]))).toEqual({
      'staging/': 1,
      'claims/': 1,
      'curated/stores/': 30,
      'curated/customers/': 30,
      'curated/menu_items/': 30,
    });
  });
});

describe('the queue', () => {
  it('gives up after ten turns and keeps what it gave up for 14 days', () => {
    const queues = Object.fromEntries(
      stream('AWS::SQS::Queue').map(([, { Properties }]) => [Properties['QueueName'], Properties]),
    );
    expect(queues['slicehouse-dev-landed']).toMatchObject({
      KmsMasterKeyId: expect.anything(),
      VisibilityTimeout: 1800,
      RedrivePolicy: { maxReceiveCount: 10 },
    });
    expect(queues['slicehouse-dev-landed-dead-letters']).toMatchObject({
      KmsMasterKeyId: expect.anything(),
      MessageRetentionPeriod: 1_209_600,
    });
  });

  it('takes messages of the data bucket alone', () => {
    const policies = stream('AWS::SQS::QueuePolicy').flatMap(
      ([, { Properties }]) => (Properties['PolicyDocument'] as { Statement: Record<string, unknown>[] }).Statement,
    );
    const allowed = policies.filter(({ Effect }) => Effect === 'Allow');
    expect(allowed).toEqual([
      expect.objectContaining({
        Action: 'sqs:SendMessage',
        Principal: { Service: 's3.amazonaws.com' },
        Condition: {
          StringEquals: { 'aws:SourceAccount': expect.anything() },
          ArnEquals: { 'aws:SourceArn': expect.anything() },
        },
      }),
    ]);
  });
});

describe('the loader', () => {
  it('runs one at a time', () => {
    expect(only(load('AWS::Lambda::Function'))).toMatchObject({ ReservedConcurrentExecutions: 1, Timeout: 300 });
  });

  it('takes messages five seconds together, and gives back only those that failed', () => {
    expect(only(load('AWS::Lambda::EventSourceMapping'))).toMatchObject({
      MaximumBatchingWindowInSeconds: 5,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
  });

  it('holds the bucket against the ledger by the clock', () => {
    const schedule = only(load('AWS::Scheduler::Schedule'));
    expect(schedule['ScheduleExpression']).toBe('rate(15 minutes)');
    expect(JSON.parse((schedule['Target'] as { Input: string }).Input)).toEqual({ action: 'reconcile' });
  });

  it('reads segment files, writes staging, and no other objects', () => {
    const objects = statementsOf(dev.templates['Load'])
      .map(({ statement }) => statement)
      .filter(({ Action }) => ['s3:GetObject', 's3:PutObject'].includes(String(Action)))
      .map(({ Action, Resource }) => [Action, JSON.stringify(Resource).match(/[a-z]+\/\*/g)]);
    expect(Object.fromEntries(objects)).toEqual({
      's3:GetObject': ['landing/*', 'quarantine/*'],
      's3:PutObject': ['staging/*'],
    });
  });

  it('comes to the warehouse as a writer, without a password', () => {
    const [role] = load('AWS::IAM::Role').filter(([id]) => id.startsWith('LoadRole'));
    expect(role?.[1].Properties['Tags']).toContainEqual({ Key: 'RedshiftDbRoles', Value: 'slicehouse_writer' });
    const actions = statementsOf(dev.templates['Load']).flatMap(({ statement }) => [statement.Action].flat());
    expect(actions).toContain('redshift-serverless:GetCredentials');
    expect(actions).not.toContain('secretsmanager:GetSecretValue');
  });
});
