import { Annotations, Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type BucketProps,
  type IBucket,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { bucketName } from '../environment.ts';
import type { StageStack } from '../stage-stack.ts';

export interface StageBucketProps {
  /** Part of its name, and the prefix of its access logs. */
  readonly purpose: string;
  /** Where its access logs go. */
  readonly logsBucket: IBucket;
  /** Key of its objects; without one, S3's own. */
  readonly key?: IKey;
  readonly lifecycleRules?: BucketProps['lifecycleRules'];
}

/**
 * A bucket as all of them are here: private, encrypted, reachable over TLS alone, versioned, with access logs, and
 * with old versions gone after a while. Its name is known before it exists, so that policies of other stacks can
 * name it without depending on it.
 */
export class StageBucket extends Bucket {
  readonly #arnByName: string;

  constructor(scope: StageStack, id: string, { purpose, logsBucket, key, lifecycleRules = [] }: StageBucketProps) {
    const { settings } = scope;
    super(scope, id, {
      bucketName: bucketName(scope, settings, purpose),
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned: true,
      serverAccessLogsBucket: byName(scope, `${id}LogsTarget`, logsBucket),
      serverAccessLogsPrefix: `access/${purpose}/`,
      lifecycleRules: [
        {
          id: 'old-versions',
          noncurrentVersionExpiration: Duration.days(settings.oldVersionDays),
          abortIncompleteMultipartUploadAfter: Duration.days(1),
          expiredObjectDeleteMarker: true,
        },
        ...lifecycleRules,
      ],
      removalPolicy: settings.removalPolicy,
      // A bucket with something in it cannot be deleted, and a trial is to leave nothing behind.
      autoDeleteObjects: settings.removalPolicy === RemovalPolicy.DESTROY,
      ...(key
        ? { encryption: BucketEncryption.KMS, encryptionKey: key, bucketKeyEnabled: true }
        : { encryption: BucketEncryption.S3_MANAGED }),
    });
    Annotations.of(this).acknowledgeWarning(
      '@aws-cdk/aws-s3:accessLogsPolicyNotAdded',
      'The logs bucket allows the access logs of every bucket of this account.',
    );
    this.#arnByName = `arn:${scope.partition}:s3:::${bucketName(scope, settings, purpose)}`;
  }

  /** What policies call the objects under a prefix, without depending on the bucket. */
  objectsUnder(prefix: string): string {
    return `${this.#arnByName}/${prefix}*`;
  }

  /** What policies call one object, without depending on the bucket. */
  objectNamed(key: string): string {
    return `${this.#arnByName}/${key}`;
  }
}

/** The logs bucket allows all buckets of this account already; by its name alone, its stack need not know this one. */
function byName(scope: Construct, id: string, logsBucket: IBucket): IBucket {
  return Bucket.fromBucketName(scope, id, logsBucket.bucketName);
}
