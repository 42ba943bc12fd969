import { Duration, Size } from 'aws-cdk-lib';
import { Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Compression,
  DeliveryStream,
  EnableLogging,
  S3Bucket,
  StreamEncryption,
} from 'aws-cdk-lib/aws-kinesisfirehose';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledgeWildcards } from '../acknowledge.ts';
import type { SecurityStack } from '../stacks/security-stack.ts';
import type { StageStack } from '../stage-stack.ts';
import type { StageBucket } from './stage-bucket.ts';

export interface SegmentStreamProps {
  /** Its name after the environment's prefix. */
  readonly name: string;
  readonly bucket: StageBucket;
  /** Where segment files go, by hour, and where what could not be written there goes. */
  readonly prefix: string;
  readonly undelivered: string;
  readonly security: SecurityStack;
}

/**
 * A Firehose stream that turns records into segment files: one after the other as they came (each ends in a newline
 * of its own), gzipped, every 15 seconds or 5 MiB.
 */
export class SegmentStream extends Construct {
  readonly stream: DeliveryStream;
  readonly streamName: string;
  readonly streamArn: string;

  constructor(scope: StageStack, id: string, props: SegmentStreamProps) {
    super(scope, id);
    const { settings } = scope;
    const { dataKey, logsKey } = props.security;
    const logGroup = new LogGroup(this, 'Logs', {
      logGroupName: `/slicehouse/${settings.name}/stream/${props.name}`,
      retention: settings.logRetention,
      encryptionKey: logsKey,
      removalPolicy: settings.removalPolicy,
    });
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('firehose.amazonaws.com') });
    const rights = this.#allowDelivery(role, props, logGroup);
    this.stream = new DeliveryStream(this, 'Stream', {
      deliveryStreamName: `${settings.prefix}-${props.name}`,
      role: role.withoutPolicyUpdates(),
      encryption: StreamEncryption.customerManagedKey(dataKey),
      destination: new S3Bucket(props.bucket, {
        role: role.withoutPolicyUpdates(),
        dataOutputPrefix: `${props.prefix}!{timestamp:yyyy/MM/dd/HH}/`,
        errorOutputPrefix: `${props.undelivered}${props.name}/!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd}/`,
        bufferingInterval: Duration.seconds(15),
        bufferingSize: Size.mebibytes(5),
        compression: Compression.GZIP,
        encryptionKey: dataKey,
        loggingConfig: new EnableLogging(logGroup),
      }),
    });
    this.stream.node.addDependency(rights);
    this.streamName = this.stream.deliveryStreamName;
    this.streamArn = this.stream.deliveryStreamArn;
  }

  #allowDelivery(
    role: Role,
    { bucket, prefix, undelivered, security, name }: SegmentStreamProps,
    logs: LogGroup,
  ): Policy {
    const objects = new PolicyStatement({
      actions: ['s3:PutObject', 's3:AbortMultipartUpload'],
      resources: [bucket.objectsUnder(prefix), bucket.objectsUnder(`${undelivered}${name}/`)],
    });
    const policy = new Policy(this, 'Deliver', {
      roles: [role],
      statements: [
        objects,
        new PolicyStatement({
          actions: ['s3:GetBucketLocation', 's3:ListBucketMultipartUploads'],
          resources: [bucket.bucketArn],
        }),
        new PolicyStatement({
          actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
          resources: [security.dataKey.keyArn],
        }),
        new PolicyStatement({ actions: ['logs:PutLogEvents'], resources: [logs.logGroupArn] }),
      ],
    });
    acknowledgeWildcards(
      policy,
      objects,
      'Firehose chooses the names of the objects it writes; they all begin with this prefix.',
    );
    return policy;
  }
}
