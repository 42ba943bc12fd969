import type { Duration } from 'aws-cdk-lib';
import { type IGrantable, type IPrincipal, Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Architecture, Code, Function as LambdaFunction, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledgeWildcards } from '../acknowledge.ts';
import { bundleFolder, type FunctionName } from '../bundles.ts';
import type { Environment } from '../environment.ts';

export interface StageFunctionProps {
  readonly settings: Environment;
  /** Entry point: `src/apps/<code>.lambda.ts`, which exports `handler`. */
  readonly code: FunctionName;
  readonly description: string;
  /** Key of its log group and its environment. */
  readonly logsKey: IKey;
  readonly memoryMegabytes: number;
  readonly timeout: Duration;
  readonly variables?: Readonly<Record<string, string>>;
  /** At most so many at once, and so many kept free for it; default: what the account allows. */
  readonly concurrency?: number;
  /** Its name after the prefix; default: `code`. */
  readonly name?: string;
}

export interface AllowOptions {
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
  /** Why wildcards in it are right. */
  readonly because?: string;
}

/**
 * A Lambda function as all of them are here: Node 24 on arm64, code bundled by esbuild, a role of its own with
 * nothing but its log group and traces to begin with, a log group with our key and retention.
 */
export class StageFunction extends Construct implements IGrantable {
  readonly function: LambdaFunction;
  readonly role: Role;
  readonly logGroup: LogGroup;
  readonly grantPrincipal: IPrincipal;

  constructor(scope: Construct, id: string, props: StageFunctionProps) {
    super(scope, id);
    const { settings, code, logsKey } = props;
    const functionName = `${settings.prefix}-${props.name ?? code}`;
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    this.grantPrincipal = this.role;
    this.logGroup = new LogGroup(this, 'Logs', {
      logGroupName: `/slicehouse/${settings.name}/function/${props.name ?? code}`,
      retention: settings.logRetention,
      encryptionKey: logsKey,
      removalPolicy: settings.removalPolicy,
    });
    this.function = new LambdaFunction(this, 'Function', {
      functionName,
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: Code.fromAsset(bundleFolder(code)),
      handler: 'index.handler',
      role: this.role.withoutPolicyUpdates(),
      tracing: Tracing.ACTIVE,
      memorySize: props.memoryMegabytes,
      timeout: props.timeout,
      logGroup: this.logGroup,
      environmentEncryption: logsKey,
      environment: {
        POWERTOOLS_SERVICE_NAME: props.name ?? code,
        POWERTOOLS_METRICS_NAMESPACE: 'Slicehouse',
        SLICEHOUSE_LOG_LEVEL: 'info',
        ...props.variables,
      },
      ...(props.concurrency !== undefined && { reservedConcurrentExecutions: props.concurrency }),
    });
    this.allow('WriteLogs', ['logs:CreateLogStream', 'logs:PutLogEvents'], [this.logGroup.logGroupArn]);
    this.allow('ReadEnvironment', ['kms:Decrypt'], [logsKey.keyArn]);
    this.allow('WriteTraces', ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], ['*'], {
      because: 'X-Ray has no resources to name for these two actions.',
    });
  }

  /**
   * Allows actions on resources, in a policy that holds nothing else. A resource or action with a wildcard needs a
   * reason, which is acknowledged for this policy alone. Resources with wildcards have to be named by names that
   * are known before synthesis, not by references into other stacks.
   */
  allow(id: string, actions: readonly string[], resources: readonly string[], options: AllowOptions = {}): Policy {
    const { conditions, because } = options;
    const statement = new PolicyStatement({
      actions: [...actions],
      resources: [...resources],
      ...(conditions && { conditions }),
    });
    const policy = new Policy(this, id, { roles: [this.role], statements: [statement] });
    if (because) acknowledgeWildcards(policy, statement, because);
    // The function may be called as soon as it is there, so its rights are there first.
    this.function.node.addDependency(policy);
    return policy;
  }
}
