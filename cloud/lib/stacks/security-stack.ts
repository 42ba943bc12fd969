import { CfnOutput, Duration, RemovalPolicy, SecretValue } from 'aws-cdk-lib';
import { CfnAccount } from 'aws-cdk-lib/aws-apigateway';
import { Trail } from 'aws-cdk-lib/aws-cloudtrail';
import { Effect, ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import type { StageFunction } from '../constructs/stage-function.ts';
import { StageKey } from '../constructs/stage-key.ts';
import { bucketName } from '../environment.ts';
import { StageStack, type StageStackProps } from '../stage-stack.ts';

/** What all other stages stand on: keys, the bucket of logs, the trail, the topic of alarms, the callers' keys. */
export class SecurityStack extends StageStack {
  /** For orders and customers: buckets, queues, streams, databases. */
  readonly dataKey: StageKey;
  /** For logs, traces, function environments and the alarm topic. */
  readonly logsKey: StageKey;
  /** For Secrets Manager. */
  readonly secretsKey: StageKey;
  /** Access logs of buckets (`access/`), of the distribution (`cloudfront/`), and the trail. */
  readonly logsBucket: Bucket;
  readonly trail: Trail;
  readonly alarmTopic: Topic;
  /** What `keys.json` is on one machine: hashes of keys, never the keys. */
  readonly keysSecret: Secret;

  constructor(scope: Construct, props: StageStackProps) {
    super(scope, 'Security', 'keys, logs bucket, trail, alarm topic', props);
    const trailName = `${this.settings.prefix}-data`;
    this.dataKey = new StageKey(this, 'DataKey', 'data', 'orders and customers', [
      // S3 announces new objects on an encrypted queue.
      { services: ['s3.amazonaws.com'], actions: ['kms:Decrypt', 'kms:GenerateDataKey'] },
    ]);
    this.logsKey = this.#createLogsKey(trailName);
    this.secretsKey = new StageKey(this, 'SecretsKey', 'secrets', 'secrets');
    this.logsBucket = this.#createLogsBucket();
    this.trail = this.#createTrail(trailName);
    this.alarmTopic = this.#createAlarmTopic();
    this.keysSecret = this.#createKeysSecret();
    this.#letGatewayWriteLogs();
    new CfnOutput(this, 'KeysSecretName', {
      value: this.keysSecret.secretName,
      description:
        'Holds the content of keys.json: aws secretsmanager put-secret-value --secret-id … --secret-string file://keys.json',
    });
  }

  /** Lets a function read the hashes of keys. */
  allowKeys(reader: StageFunction): void {
    this.allowSecret(reader, 'ReadKeys', this.keysSecret.secretArn);
  }

  /** Lets a function read one secret that our key of secrets encrypts. */
  allowSecret(reader: StageFunction, id: string, secretArn: string): void {
    reader.allow(id, ['secretsmanager:GetSecretValue'], [secretArn]);
    reader.allow(`${id}Decrypt`, ['kms:Decrypt'], [this.secretsKey.keyArn], {
      conditions: { StringEquals: { 'kms:ViaService': `secretsmanager.${this.region}.amazonaws.com` } },
    });
  }

  #createLogsKey(trailName: string): StageKey {
    const { account, region, partition } = this;
    const arn = (service: string, rest: string) => `arn:${partition}:${service}:${region}:${account}:${rest}`;
    return new StageKey(this, 'LogsKey', 'logs', 'logs, traces and alarms', [
      {
        services: [`logs.${region}.amazonaws.com`],
        actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
        conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': arn('logs', 'log-group:*') } },
      },
      {
        services: ['cloudtrail.amazonaws.com'],
        actions: ['kms:GenerateDataKey*', 'kms:DescribeKey'],
        conditions: { StringEquals: { 'aws:SourceArn': arn('cloudtrail', `trail/${trailName}`) } },
      },
      {
        // Those who publish to the alarm topic.
        services: ['cloudwatch.amazonaws.com', 'events.amazonaws.com', 'budgets.amazonaws.com'],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      },
    ]);
  }

  #createLogsBucket(): Bucket {
    const bucket = new Bucket(this, 'LogsBucket', {
      bucketName: bucketName(this, this.settings, 'logs'),
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_PREFERRED,
      // S3 writes access logs only to buckets with S3's own encryption; the trail's files have our key.
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned: true,
      lifecycleRules: [
        { expiration: Duration.days(365), noncurrentVersionExpiration: Duration.days(this.settings.oldVersionDays) },
      ],
      removalPolicy: this.settings.removalPolicy,
      autoDeleteObjects: this.settings.removalPolicy === RemovalPolicy.DESTROY,
    });
    bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AccessLogsOfThisAccount',
        principals: [new ServicePrincipal('logging.s3.amazonaws.com')],
        actions: ['s3:PutObject'],
        resources: [bucket.arnForObjects('access/*')],
        conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
      }),
    );
    acknowledge(
      bucket,
      'AwsSolutions-S1',
      'This is the bucket that access logs go to; its own would feed on themselves. The trail records its changes.',
    );
    return bucket;
  }

  #createTrail(trailName: string): Trail {
    const trail = new Trail(this, 'Trail', {
      trailName,
      bucket: this.logsBucket,
      s3KeyPrefix: 'trail',
      encryptionKey: this.logsKey,
      enableFileValidation: true,
      isMultiRegionTrail: true,
      includeGlobalServiceEvents: true,
    });
    trail.addS3EventSelector([
      { bucket: Bucket.fromBucketName(this, 'DataBucketByName', bucketName(this, this.settings, 'data')) },
    ]);
    return trail;
  }

  #createAlarmTopic(): Topic {
    const topic = new Topic(this, 'AlarmTopic', {
      topicName: `${this.settings.prefix}-alarms`,
      displayName: `Slicehouse ${this.settings.name}`,
      masterKey: this.logsKey,
      enforceSSL: true,
    });
    topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsOfThisAccount',
        effect: Effect.ALLOW,
        principals: ['cloudwatch', 'events', 'budgets'].map((name) => new ServicePrincipal(`${name}.amazonaws.com`)),
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
      }),
    );
    if (this.settings.alarms.email) topic.addSubscription(new EmailSubscription(this.settings.alarms.email));
    return topic;
  }

  #createKeysSecret(): Secret {
    const secret = new Secret(this, 'Keys', {
      secretName: `${this.settings.prefix}/keys`,
      description: 'Hashes of the keys that callers hold, as keys.json on one machine',
      encryptionKey: this.secretsKey,
      // No caller has a key before the owner makes one.
      secretStringValue: SecretValue.unsafePlainText('[]'),
      removalPolicy: this.settings.removalPolicy,
    });
    acknowledge(
      secret,
      'AwsSolutions-SMG4',
      'Callers hold the keys and only hashes lie here: a key is turned over by giving out a new one, not by Secrets Manager.',
    );
    return secret;
  }

  /** API Gateway has one role for the logs of all APIs of an account and region. */
  #letGatewayWriteLogs(): void {
    const role = new Role(this, 'GatewayLogsRole', {
      assumedBy: new ServicePrincipal('apigateway.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
      }),
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('service-role/AmazonAPIGatewayPushToCloudWatchLogs')],
    });
    acknowledge(
      role,
      'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
      'The setting is for all APIs of the account, and this is the policy that API Gateway asks for: logs, nothing else.',
    );
    new CfnAccount(this, 'GatewayAccount', { cloudWatchRoleArn: role.roleArn });
  }
}
