import { Duration } from 'aws-cdk-lib';
import { Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import {
  CustomerManagedEncryptionConfiguration,
  DefinitionBody,
  LogLevel,
  StateMachine,
} from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { acknowledgeWildcards } from '../acknowledge.ts';
import type { StageFunction } from '../constructs/stage-function.ts';
import type { SecurityStack } from '../stacks/security-stack.ts';
import type { SourcesStack } from '../stacks/sources-stack.ts';
import type { StageStack } from '../stage-stack.ts';
import { refreshSteps } from './refresh-steps.ts';

export interface RefreshMachineProps {
  readonly security: SecurityStack;
  readonly sources: SourcesStack;
  readonly refreshFunction: StageFunction;
}

/** The state machine of the daily refresh: encrypted, logged and traced, with rights on what it calls and no more. */
export class RefreshMachine extends Construct {
  readonly machine: StateMachine;
  readonly machineName: string;
  readonly #stack: StageStack;
  readonly #role: Role;

  constructor(stack: StageStack, id: string, props: RefreshMachineProps) {
    super(stack, id);
    const { settings } = stack;
    const { security } = props;
    this.#stack = stack;
    this.machineName = `${settings.prefix}-refresh`;
    this.#role = this.#createRole();
    this.#allowCalls(props);
    this.#allowTelling(security);
    const logGroup = new LogGroup(this, 'Logs', {
      // Deliveries to groups that begin so share one policy of CloudWatch Logs, which has room for few.
      logGroupName: `/aws/vendedlogs/states/${this.machineName}`,
      retention: settings.logRetention,
      encryptionKey: security.logsKey,
      removalPolicy: settings.removalPolicy,
    });
    this.machine = new StateMachine(this, 'Machine', {
      stateMachineName: this.machineName,
      comment: 'The daily refresh: MySQL and census into the warehouse, then tidying and checks; once a business date',
      definitionBody: DefinitionBody.fromChainable(refreshSteps(this, props)),
      role: this.#role.withoutPolicyUpdates(),
      timeout: Duration.hours(3),
      logs: { destination: logGroup, level: LogLevel.ALL, includeExecutionData: true },
      tracingEnabled: true,
      encryptionConfiguration: new CustomerManagedEncryptionConfiguration(security.dataKey, Duration.minutes(5)),
      removalPolicy: settings.removalPolicy,
    });
    // Step Functions tries the rights of the role when it makes the machine.
    for (const child of this.node.children.filter((one) => one instanceof Policy))
      this.machine.node.addDependency(child);
  }

  #createRole(): Role {
    const { account, region, partition } = this.#stack;
    return new Role(this, 'Role', {
      description: 'The state machine of the refresh',
      assumedBy: new ServicePrincipal('states.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': account },
          ArnEquals: {
            'aws:SourceArn': `arn:${partition}:states:${region}:${account}:stateMachine:${this.machineName}`,
          },
        },
      }),
    });
  }

  #allowCalls({ sources, refreshFunction }: RefreshMachineProps): void {
    const { account, region, partition } = this.#stack;
    this.#allow(
      'Call',
      ['lambda:InvokeFunction'],
      [refreshFunction.function.functionArn, sources.censusFunction.function.functionArn],
    );
    this.#allow(
      'RunJob',
      ['glue:StartJobRun', 'glue:GetJobRun', 'glue:GetJobRuns', 'glue:BatchStopJobRun'],
      [`arn:${partition}:glue:${region}:${account}:job/${sources.customerJob.jobName}`],
    );
  }

  #allowTelling({ dataKey }: SecurityStack): void {
    this.#allow('Encrypt', ['kms:Decrypt', 'kms:GenerateDataKey'], [dataKey.keyArn]);
    this.#allow(
      'DeliverLogs',
      [
        'logs:CreateLogDelivery',
        'logs:GetLogDelivery',
        'logs:UpdateLogDelivery',
        'logs:DeleteLogDelivery',
        'logs:ListLogDeliveries',
        'logs:PutResourcePolicy',
        'logs:DescribeResourcePolicies',
        'logs:DescribeLogGroups',
      ],
      ['*'],
      'CloudWatch Logs has no resources to name for deliveries; the policy holds nothing else.',
    );
    this.#allow(
      'WriteTraces',
      ['xray:PutTraceSegments', 'xray:PutTelemetryRecords', 'xray:GetSamplingRules', 'xray:GetSamplingTargets'],
      ['*'],
      'X-Ray has no resources to name for these actions; the policy holds nothing else.',
    );
  }

  #allow(id: string, actions: readonly string[], resources: readonly string[], because?: string): void {
    const statement = new PolicyStatement({ actions: [...actions], resources: [...resources] });
    const policy = new Policy(this, id, { roles: [this.#role], statements: [statement] });
    if (because) acknowledgeWildcards(policy, statement, because);
  }
}
