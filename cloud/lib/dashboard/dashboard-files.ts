import { Duration } from 'aws-cdk-lib';
import { Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { BucketDeployment, CacheControl } from 'aws-cdk-lib/aws-s3-deployment';
import { Construct } from 'constructs';
import { acknowledge, acknowledgeWildcards } from '../acknowledge.ts';
import type { StageBucket } from '../constructs/stage-bucket.ts';
import type { SecurityStack } from '../stacks/security-stack.ts';
import type { StageStack } from '../stage-stack.ts';
import { builtDashboard } from './built-dashboard.ts';
import { errorExplanations } from './error-explanations.ts';

/** Files of one deployment; what is included counts after what is excluded. */
interface Files {
  readonly asset: Asset;
  readonly exclude?: string[];
  readonly include?: string[];
  readonly contentType?: string;
  readonly cacheControl: CacheControl[];
}

export interface DashboardFilesProps {
  readonly bucket: StageBucket;
  readonly security: SecurityStack;
}

/**
 * Puts the built dashboard and what each error means into its bucket, by the library's function with a role of ours:
 * it reads these two assets and writes to this one bucket. Files with a hash in their name may be kept by browsers for
 * a year, the others are asked for each time. Files of earlier versions stay for pages that are still open.
 */
export class DashboardFiles extends Construct {
  constructor(stack: StageStack, id: string, { bucket, security }: DashboardFilesProps) {
    super(stack, id);
    const { settings } = stack;
    const built = new Asset(this, 'Built', { path: builtDashboard() });
    const explanations = new Asset(this, 'Explanations', { path: errorExplanations() });
    const role = new Role(this, 'Role', {
      description: 'Puts the dashboard into its bucket',
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    const logGroup = new LogGroup(this, 'Logs', {
      logGroupName: `/slicehouse/${settings.name}/function/dashboard-files`,
      retention: settings.logRetention,
      encryptionKey: security.logsKey,
      removalPolicy: settings.removalPolicy,
    });
    const rights = this.#allow(role, bucket, [built, explanations], logGroup);
    const deploy = (name: string, { asset, ...files }: Files): BucketDeployment => {
      const deployment = new BucketDeployment(this, name, {
        sources: [{ bind: () => ({ bucket: asset.bucket, zipObjectKey: asset.s3ObjectKey }) }],
        destinationBucket: bucket,
        role: role.withoutPolicyUpdates(),
        logGroup,
        memoryLimit: 512,
        prune: false,
        // A deployment that goes would take the files of its successor with it.
        retainOnDelete: true,
        ...files,
      });
      deployment.node.addDependency(rights);
      return deployment;
    };
    const forGood = [CacheControl.setPublic(), CacheControl.maxAge(Duration.days(365)), CacheControl.immutable()];
    const askedFor = [CacheControl.noCache()];
    const hashed = deploy('Hashed', { asset: built, exclude: ['*'], include: ['assets/*'], cacheControl: forGood });
    const pages = deploy('Pages', { asset: built, exclude: ['assets/*'], cacheControl: askedFor });
    // The page comes after what it names.
    pages.node.addDependency(hashed);
    // Its name has no ending that would say what it is.
    deploy('Errors', { asset: explanations, contentType: 'text/plain; charset=utf-8', cacheControl: askedFor });
    this.#acknowledgeHandler(stack);
  }

  #acknowledgeHandler(stack: StageStack): void {
    const handler = stack.node.children.find(({ node }) => node.id.startsWith('Custom::CDKBucketDeployment'));
    if (!handler) throw new Error('The library names the function of its deployments otherwise now.');
    acknowledge(
      handler,
      'AwsSolutions-L1',
      'The function and its runtime come with the CDK library, tested together; it runs at deployment only.',
    );
  }

  #allow(role: Role, bucket: StageBucket, assets: readonly Asset[], logGroup: LogGroup): Policy {
    const objects = new PolicyStatement({
      actions: ['s3:GetObject', 's3:PutObject'],
      resources: [bucket.objectsUnder('')],
    });
    const policy = new Policy(this, 'Deploy', {
      roles: [role],
      statements: [
        objects,
        new PolicyStatement({ actions: ['s3:ListBucket', 's3:GetBucketLocation'], resources: [bucket.bucketArn] }),
        new PolicyStatement({
          actions: ['s3:GetObject'],
          resources: assets.map((asset) => `${asset.bucket.bucketArn}/${asset.s3ObjectKey}`),
        }),
        new PolicyStatement({
          actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          resources: [logGroup.logGroupArn],
        }),
      ],
    });
    acknowledgeWildcards(
      policy,
      objects,
      'It writes the files of the dashboard, whatever they are called; the bucket holds nothing else.',
    );
    return policy;
  }
}
