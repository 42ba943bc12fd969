import { CfnOutput, Duration } from 'aws-cdk-lib';
import { Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { AwsCustomResource, type AwsSdkCall, PhysicalResourceId } from 'aws-cdk-lib/custom-resources';
import { Construct } from 'constructs';
import { Firewall } from '../constructs/firewall.ts';
import { StageKey } from '../constructs/stage-key.ts';
import type { Environment } from '../environment.ts';
import type { SecurityStack } from '../stacks/security-stack.ts';
import { StageStack } from '../stage-stack.ts';

/** The only region in which CloudFront looks for firewalls. */
export const edgeRegion = 'us-east-1';

const purpose = 'dashboard';
const parameterOf = ({ prefix }: Environment): string => `/${prefix}/edge/firewall`;

/**
 * ARN of the firewall of a stack's distribution. In us-east-1 it lies in the stack itself; from any other region a
 * stack of its own there is made beside it, which says the ARN in a parameter that is read at deployment.
 */
export function edgeFirewall(stack: StageStack, security: SecurityStack): string {
  if (stack.settings.region === edgeRegion)
    return new Firewall(stack, 'Firewall', { purpose, scope: 'CLOUDFRONT', security, countsKeys: false }).acl.attrArn;
  const { scope } = stack.node;
  if (!scope) throw new Error('The stack of the dashboard is part of no app.');
  const edge = new EdgeStack(scope, stack.settings);
  stack.addStackDependency(edge, 'The distribution names the firewall.');
  return new EdgeParameter(stack, 'EdgeFirewall', security).value;
}

/** The firewall alone, in us-east-1, for environments of other regions. */
class EdgeStack extends StageStack {
  constructor(scope: Construct, environment: Environment) {
    super(scope, 'Edge', 'firewall of the distribution', { environment: { ...environment, region: edgeRegion } });
    // Keys do not leave their region, so its log has one of its own.
    const logsKey = new StageKey(this, 'LogsKey', 'edge-logs', 'log of the firewall of the distribution', [
      {
        services: [`logs.${edgeRegion}.amazonaws.com`],
        actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
        conditions: {
          ArnLike: {
            'kms:EncryptionContext:aws:logs:arn': `arn:${this.partition}:logs:${edgeRegion}:${this.account}:log-group:*`,
          },
        },
      },
    ]);
    const { acl } = new Firewall(this, 'Firewall', {
      purpose,
      scope: 'CLOUDFRONT',
      security: { logsKey },
      countsKeys: false,
    });
    new StringParameter(this, 'FirewallArn', { parameterName: parameterOf(environment), stringValue: acl.attrArn });
    new CfnOutput(this, 'FirewallArnOutput', { value: acl.attrArn });
  }
}

/** Reads the ARN that the stack in us-east-1 has left, whenever the dashboard is deployed. */
class EdgeParameter extends Construct {
  readonly value: string;

  constructor(stack: StageStack, id: string, { logsKey }: SecurityStack) {
    super(stack, id);
    const { settings } = stack;
    const name = parameterOf(settings);
    const logGroup = new LogGroup(this, 'Logs', {
      logGroupName: `/slicehouse/${settings.name}/function/edge-firewall`,
      retention: settings.logRetention,
      encryptionKey: logsKey,
      removalPolicy: settings.removalPolicy,
    });
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    const rights = new Policy(this, 'Read', {
      roles: [role],
      statements: [
        new PolicyStatement({
          actions: ['ssm:GetParameter'],
          resources: [`arn:${stack.partition}:ssm:${edgeRegion}:${stack.account}:parameter${name}`],
        }),
        new PolicyStatement({
          actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          resources: [logGroup.logGroupArn],
        }),
      ],
    });
    const read: AwsSdkCall = {
      service: 'ssm',
      action: 'GetParameter',
      region: edgeRegion,
      parameters: { Name: name },
      physicalResourceId: PhysicalResourceId.of(name),
      outputPaths: ['Parameter.Value'],
    };
    const call = new AwsCustomResource(this, 'Parameter', {
      onCreate: read,
      onUpdate: read,
      resourceType: 'Custom::EdgeFirewall',
      role: role.withoutPolicyUpdates(),
      logGroup,
      timeout: Duration.minutes(2),
      installLatestAwsSdk: false,
    });
    call.node.addDependency(rights);
    this.value = call.getResponseField('Parameter.Value');
  }
}
