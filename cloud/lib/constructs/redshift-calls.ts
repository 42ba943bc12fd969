import { Duration } from 'aws-cdk-lib';
import { Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { CfnNamespace, CfnWorkgroup } from 'aws-cdk-lib/aws-redshiftserverless';
import {
  AwsCustomResource,
  type AwsSdkCall,
  PhysicalResourceId,
  PhysicalResourceIdReference,
} from 'aws-cdk-lib/custom-resources';
import { Construct } from 'constructs';
import { acknowledgeWildcards } from '../acknowledge.ts';
import type { SecurityStack } from '../stacks/security-stack.ts';
import type { StageStack } from '../stage-stack.ts';

const service = 'redshift-serverless';

export interface UsageLimit {
  /** RPU hours a day. */
  readonly amount: number;
  /** What Redshift does beyond it: tell CloudWatch, or refuse further queries until tomorrow. */
  readonly breachAction: 'emit-metric' | 'deactivate';
}

/** What CloudFormation cannot say of Redshift Serverless and its API can: limits of use, and where the admin secret is. */
export class RedshiftCalls extends Construct {
  readonly #role: Role;
  readonly #logGroup: LogGroup;

  constructor(stack: StageStack, id: string, { logsKey }: SecurityStack) {
    super(stack, id);
    this.#logGroup = new LogGroup(this, 'Logs', {
      logGroupName: `/slicehouse/${stack.settings.name}/function/redshift-calls`,
      retention: stack.settings.logRetention,
      encryptionKey: logsKey,
      removalPolicy: stack.settings.removalPolicy,
    });
    this.#role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    this.#allow('WriteLogs', ['logs:CreateLogStream', 'logs:PutLogEvents'], [this.#logGroup.logGroupArn]);
  }

  /** ARN of the secret with the admin's password, which Redshift made and turns over itself. */
  adminSecretOf(namespace: CfnNamespace): string {
    const rights = this.#allow(
      'ReadNamespace',
      ['redshift-serverless:GetNamespace'],
      [namespace.attrNamespaceNamespaceArn],
    );
    const read: AwsSdkCall = {
      service,
      action: 'GetNamespace',
      parameters: { namespaceName: namespace.namespaceName },
      physicalResourceId: PhysicalResourceId.of(`${namespace.namespaceName}-admin-secret`),
      outputPaths: ['namespace.adminPasswordSecretArn'],
    };
    const call = this.#createCall('AdminSecret', { onCreate: read, onUpdate: read }, rights);
    call.node.addDependency(namespace);
    return call.getResponseField('namespace.adminPasswordSecretArn');
  }

  /** Sets a daily limit on what the workgroup computes. */
  limitUsage(id: string, workgroup: CfnWorkgroup, { amount, breachAction }: UsageLimit): void {
    const rights = this.#allow(
      `${id}Rights`,
      ['CreateUsageLimit', 'UpdateUsageLimit', 'DeleteUsageLimit'].map((action) => `redshift-serverless:${action}`),
      ['*'],
      'IAM knows no resource for limits of use: these three actions take only all of them.',
    );
    const usageLimitId = new PhysicalResourceIdReference();
    this.#createCall(
      id,
      {
        onCreate: {
          service,
          action: 'CreateUsageLimit',
          parameters: {
            resourceArn: workgroup.attrWorkgroupWorkgroupArn,
            usageType: 'serverless-compute',
            period: 'daily',
            amount,
            breachAction,
          },
          physicalResourceId: PhysicalResourceId.fromResponse('usageLimit.usageLimitId'),
          outputPaths: ['usageLimit.usageLimitId'],
        },
        onUpdate: {
          service,
          action: 'UpdateUsageLimit',
          parameters: { usageLimitId, amount, breachAction },
          physicalResourceId: PhysicalResourceId.fromResponse('usageLimit.usageLimitId'),
          outputPaths: ['usageLimit.usageLimitId'],
        },
        onDelete: { service, action: 'DeleteUsageLimit', parameters: { usageLimitId } },
      },
      rights,
    );
  }

  #createCall(id: string, calls: Record<string, AwsSdkCall>, rights: Policy): AwsCustomResource {
    const call = new AwsCustomResource(this, id, {
      ...calls,
      resourceType: `Custom::Redshift${id}`,
      role: this.#role.withoutPolicyUpdates(),
      logGroup: this.#logGroup,
      timeout: Duration.minutes(2),
      // The runtime's own SDK knows these calls; fetching a newer one would need the internet at deployment.
      installLatestAwsSdk: false,
    });
    call.node.addDependency(rights);
    return call;
  }

  #allow(id: string, actions: readonly string[], resources: readonly string[], because?: string): Policy {
    const statement = new PolicyStatement({ actions: [...actions], resources: [...resources] });
    const policy = new Policy(this, id, { roles: [this.#role], statements: [statement] });
    if (because) acknowledgeWildcards(policy, statement, because);
    return policy;
  }
}
