import { fileURLToPath } from 'node:url';
import { Duration } from 'aws-cdk-lib';
import {
  Code,
  type Connection,
  GlueVersion,
  PySparkEtlJob,
  type SecurityConfiguration,
  WorkerType,
} from 'aws-cdk-lib/aws-glue';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { Construct } from 'constructs';
import { prefixes, type StreamStack } from '../stacks/stream-stack.ts';
import type { StageStack } from '../stage-stack.ts';
import { GlueRole, type GlueRoleProps } from './glue-role.ts';

export interface CustomerJobProps extends Omit<GlueRoleProps, 'description'> {
  readonly stream: StreamStack;
  readonly connection: Connection;
  readonly securityConfiguration: SecurityConfiguration;
}

/** In the data bucket: what the owner tells the job of her tables, and the certificates of RDS. */
export const settingsPrefix = 'settings/';

const folderMarker = `${prefixes.curated.slice(0, -1)}_$folder$`;

const glue = fileURLToPath(new URL('../../glue/', import.meta.url));
const zipCodes = fileURLToPath(new URL('../../../src/sources/geography/snapshot/zip_codes.ndjson.gz', import.meta.url));

/**
 * The PySpark job that reads stores, customers and the menu from MySQL and writes them under `curated/`: the script
 * is a thin shell, its functions travel beside it as a ZIP file.
 */
export class CustomerJob extends Construct {
  readonly job: PySparkEtlJob;
  readonly jobName: string;

  constructor(stack: StageStack, id: string, props: CustomerJobProps) {
    super(stack, id);
    const { stream, connection, securityConfiguration } = props;
    const script = new Asset(this, 'Script', { path: `${glue}job.py` });
    const modules = new Asset(this, 'Modules', {
      path: `${glue}modules`,
      exclude: ['**/__pycache__/**', '**/__pycache__'],
    });
    const zips = new Asset(this, 'ZipCodes', { path: zipCodes });
    const rights = this.#createRole(stack, props, [script, modules, zips]);
    this.jobName = `${stack.settings.prefix}-customers`;
    this.job = new PySparkEtlJob(this, 'Job', {
      jobName: this.jobName,
      description: 'Reads stores, customers and the menu from MySQL, and writes them under curated/',
      script: Code.fromBucket(script.bucket, script.s3ObjectKey),
      extraPythonFiles: [Code.fromBucket(modules.bucket, modules.s3ObjectKey)],
      role: rights.role.withoutPolicyUpdates(),
      glueVersion: GlueVersion.V5_0,
      workerConfiguration: { workerType: WorkerType.G_1X, numberOfWorkers: 2 },
      connections: [connection],
      securityConfiguration,
      // The state machine tries again, with the pauses it knows.
      maxRetries: 0,
      maxConcurrentRuns: 1,
      timeout: Duration.minutes(30),
      defaultArguments: {
        '--output': `s3://${stream.dataBucket.bucketName}/${prefixes.curated}`,
        '--secret': props.readerSecret.secretArn,
        '--zip_codes': zips.s3ObjectUrl,
        '--mapping': `s3://${stream.dataBucket.bucketName}/${settingsPrefix}mapping.json`,
      },
    });
    this.job.node.addDependency(rights);
  }

  #createRole(stack: StageStack, props: CustomerJobProps, assets: readonly Asset[]): GlueRole {
    const { stream, security } = props;
    const { dataBucket } = stream;
    const role = new GlueRole(stack, this, 'Rights', { ...props, description: 'The Glue job over MySQL' });
    role.allow(
      'ReadCode',
      ['s3:GetObject'],
      assets.map((asset) => `${asset.bucket.bucketArn}/${asset.s3ObjectKey}`),
    );
    role.allow(
      'Curate',
      ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
      [dataBucket.objectsUnder(prefixes.curated)],
      'Each run writes a folder of its own under curated/, whose name nobody knows before.',
    );
    // Hadoop's file system marks a folder that it has made by an empty object beside it.
    role.allow('MarkFolder', ['s3:PutObject'], [dataBucket.objectNamed(folderMarker)]);
    role.allow(
      'ReadSettings',
      ['s3:GetObject'],
      [dataBucket.objectsUnder(settingsPrefix)],
      'What the owner puts there, the mapping and the certificates that it names.',
    );
    // Not by prefix alone: S3 would say of a file that is not there that it is forbidden.
    role.allow('List', ['s3:ListBucket', 's3:GetBucketLocation'], [dataBucket.bucketArn]);
    role.allowKey('DataKey', security.dataKey, ['kms:Decrypt', 'kms:GenerateDataKey'], 's3');
    return role;
  }
}
