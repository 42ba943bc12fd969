import { CfnOutput, Duration } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type CfnBucket, StorageClass } from 'aws-cdk-lib/aws-s3';
import { Queue, QueueEncryption, type QueueProps, RedrivePermission } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { SegmentStream } from '../constructs/segment-stream.ts';
import { StageBucket } from '../constructs/stage-bucket.ts';
import type { StageFunction } from '../constructs/stage-function.ts';
import type { StageKey } from '../constructs/stage-key.ts';
import { bucketName } from '../environment.ts';
import { StageStack, type StageStackProps } from '../stage-stack.ts';
import type { SecurityStack } from './security-stack.ts';

export interface StreamStackProps extends StageStackProps {
  readonly security: SecurityStack;
}

/** What lies where in the data bucket. */
export const prefixes = {
  /** Segment files of orders and drops, as Firehose wrote them. */
  landing: 'landing/',
  /** Segment files of rejects. */
  quarantine: 'quarantine/',
  /** Rows of a load on their way into the warehouse. */
  staging: 'staging/',
  /** Reference data: customers, stores, census figures. */
  curated: 'curated/',
  /** What Firehose could not deliver under its own prefix. */
  undelivered: 'undelivered/',
  /** Who takes which record out of quarantine, for as long as it is on its way. */
  claims: 'claims/',
} as const;

/**
 * Days after which objects have served: rows are in the warehouse, claims are void after a quarter of an hour, and
 * runs of the Glue job are taken over. What says how far they are, beside their folders in `curated/`, stays.
 */
const expiryDays = {
  [prefixes.staging]: 1,
  [prefixes.claims]: 1,
  [`${prefixes.curated}stores/`]: 30,
  [`${prefixes.curated}customers/`]: 30,
  [`${prefixes.curated}menu_items/`]: 30,
} as const;

/** How long a load may run; its messages stay hidden six times as long, as Lambda asks. */
export const loadTimeout = Duration.minutes(5);

/** From Firehose to the queue of the loader: the data bucket with all its prefixes, and word of each new segment file. */
export class StreamStack extends StageStack {
  readonly dataBucket: StageBucket;
  /** Takes orders and drops to `landing/`. */
  readonly ordersStream: SegmentStream;
  /** Takes rejects to `quarantine/`. */
  readonly rejectsStream: SegmentStream;
  /** Word of every new segment file under both prefixes. */
  readonly landedQueue: Queue;
  /** Word that could not be acted upon; goes back by `aws sqs start-message-move-task`. */
  readonly landedDeadLetters: Queue;

  readonly #dataKey: StageKey;

  constructor(scope: Construct, props: StreamStackProps) {
    super(scope, 'Stream', 'Firehose, data bucket, queue of segment files', props);
    const { security } = props;
    this.#dataKey = security.dataKey;
    this.landedDeadLetters = this.#createQueue('LandedDeadLetters', 'landed-dead-letters', security, {
      retentionPeriod: Duration.days(14),
      redriveAllowPolicy: { redrivePermission: RedrivePermission.ALLOW_ALL },
    });
    this.landedQueue = this.#createQueue('Landed', 'landed', security, {
      visibilityTimeout: Duration.seconds(loadTimeout.toSeconds() * 6),
      retentionPeriod: Duration.days(14),
      // One load at a time turns away the rest, and each time counts: ten, not three.
      deadLetterQueue: { queue: this.landedDeadLetters, maxReceiveCount: 10 },
    });
    this.dataBucket = this.#createBucket(security);
    const stream = (id: string, name: string, prefix: string) =>
      new SegmentStream(this, id, {
        name,
        prefix,
        bucket: this.dataBucket,
        undelivered: prefixes.undelivered,
        security,
      });
    this.ordersStream = stream('OrdersStream', 'orders', prefixes.landing);
    this.rejectsStream = stream('RejectsStream', 'rejects', prefixes.quarantine);
    new CfnOutput(this, 'DataBucketName', { value: this.dataBucket.bucketName });
    new CfnOutput(this, 'LandedDeadLettersArn', {
      value: this.landedDeadLetters.queueArn,
      description: 'Back to the queue: aws sqs start-message-move-task --source-arn …',
    });
  }

  /** Lets a function put records on both streams, and those that are too large for Firehose beside its files. */
  allowRecords(sender: StageFunction): void {
    const streams = [this.ordersStream.streamArn, this.rejectsStream.streamArn];
    sender.allow('PutRecords', ['firehose:PutRecordBatch'], streams);
    this.allowWriting(sender, 'LargeRecords', [`${prefixes.landing}direct/`, `${prefixes.quarantine}direct/`]);
  }

  /** Lets a function read the objects under prefixes, and list the bucket by them. */
  allowReading(reader: StageFunction, id: string, under: readonly string[]): void {
    const objects = under.map((prefix) => this.dataBucket.objectsUnder(prefix));
    reader.allow(`Read${id}`, ['s3:GetObject'], objects, {
      because: 'The objects of these prefixes are what it works on; their names are made as they come.',
    });
    reader.allow(`List${id}`, ['s3:ListBucket'], [this.dataBucket.bucketArn], {
      conditions: { StringLike: { 's3:prefix': under.map((prefix) => `${prefix}*`) } },
    });
    this.#allowKey(reader, `Decrypt${id}`, ['kms:Decrypt']);
  }

  /** Lets a function write objects under prefixes. */
  allowWriting(writer: StageFunction, id: string, under: readonly string[]): void {
    const objects = under.map((prefix) => this.dataBucket.objectsUnder(prefix));
    writer.allow(`Write${id}`, ['s3:PutObject'], objects, {
      because: 'It names the objects it writes; they all begin with these prefixes.',
    });
    this.#allowKey(writer, `Encrypt${id}`, ['kms:GenerateDataKey', 'kms:Decrypt']);
  }

  #allowKey(user: StageFunction, id: string, actions: readonly string[]): void {
    user.allow(id, actions, [this.#dataKey.keyArn], {
      conditions: { StringEquals: { 'kms:ViaService': `s3.${this.region}.amazonaws.com` } },
    });
  }

  #createQueue(id: string, name: string, { dataKey }: SecurityStack, props: QueueProps): Queue {
    return new Queue(this, id, {
      queueName: `${this.settings.prefix}-${name}`,
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: dataKey,
      dataKeyReuse: Duration.hours(1),
      enforceSSL: true,
      ...props,
    });
  }

  #createBucket({ dataKey, logsBucket }: SecurityStack): StageBucket {
    const bucket = new StageBucket(this, 'DataBucket', {
      purpose: 'data',
      key: dataKey,
      logsBucket,
      lifecycleRules: [
        ...Object.entries(expiryDays).map(([prefix, days]) => ({
          id: prefix.slice(0, -1).replace('/', '-'),
          prefix,
          expiration: Duration.days(days),
        })),
        ...[prefixes.landing, prefixes.quarantine].map((prefix) => ({
          id: `${prefix.slice(0, -1)}-archive`,
          prefix,
          // The warehouse can be made anew from them, so they are kept; S3 leaves those below 128 KB where they are.
          transitions: [{ storageClass: StorageClass.GLACIER_INSTANT_RETRIEVAL, transitionAfter: Duration.days(90) }],
        })),
      ],
    });
    this.#announceSegmentFiles(bucket);
    return bucket;
  }

  /** Written into the bucket itself: the library's way would need a function with rights on every bucket. */
  #announceSegmentFiles(bucket: StageBucket): void {
    const allowed = this.landedQueue.addToResourcePolicy(
      new PolicyStatement({
        sid: 'NewSegmentFiles',
        principals: [new ServicePrincipal('s3.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [this.landedQueue.queueArn],
        conditions: {
          StringEquals: { 'aws:SourceAccount': this.account },
          // By its name: the bucket waits for this permission.
          ArnEquals: { 'aws:SourceArn': `arn:${this.partition}:s3:::${bucketName(this, this.settings, 'data')}` },
        },
      }),
    );
    const resource = bucket.node.defaultChild as CfnBucket;
    if (allowed.policyDependable) resource.node.addDependency(allowed.policyDependable);
    resource.notificationConfiguration = {
      queueConfigurations: [prefixes.landing, prefixes.quarantine].map((prefix) => ({
        event: 's3:ObjectCreated:*',
        queue: this.landedQueue.queueArn,
        filter: { s3Key: { rules: [{ name: 'prefix', value: prefix }] } },
      })),
    };
  }
}
