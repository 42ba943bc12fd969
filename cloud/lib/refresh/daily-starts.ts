import { Duration, TimeZone } from 'aws-cdk-lib';
import { Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { ContextAttribute, Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import type { SecurityStack } from '../stacks/security-stack.ts';
import type { StageStack } from '../stage-stack.ts';
import { dailySchedules } from './schedule-times.ts';

export interface DailyStartsProps {
  readonly security: SecurityStack;
  readonly machine: StateMachine;
}

/** The schedules that start the refresh, in the environment's zone, and a queue for starts that did not succeed. */
export class DailyStarts extends Construct {
  readonly deadLetters: Queue;

  constructor(stack: StageStack, id: string, { security, machine }: DailyStartsProps) {
    super(stack, id);
    const { settings } = stack;
    this.deadLetters = new Queue(this, 'DeadLetters', {
      queueName: `${settings.prefix}-refresh-dead-letters`,
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: security.dataKey,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    acknowledge(
      this.deadLetters,
      'AwsSolutions-SQS3',
      'It is a dead-letter queue itself, that of the schedules below; the rule only looks for queues and functions that have one.',
    );
    const role = new Role(this, 'Role', {
      description: 'The schedules of the refresh',
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': stack.account } },
      }),
    });
    const rights = new Policy(this, 'Start', {
      roles: [role],
      statements: [
        new PolicyStatement({ actions: ['states:StartExecution'], resources: [machine.stateMachineArn] }),
        new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [this.deadLetters.queueArn] }),
        new PolicyStatement({ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [security.dataKey.keyArn] }),
      ],
    });
    for (const { name, hour, minute, description } of dailySchedules) {
      const schedule = new Schedule(this, name, {
        scheduleName: `${settings.prefix}-${name}`,
        description,
        schedule: ScheduleExpression.cron({
          hour: String(hour),
          minute: String(minute),
          timeZone: TimeZone.of(settings.refreshZone),
        }),
        key: security.dataKey,
        target: new StepFunctionsStartExecution(machine, {
          role: role.withoutPolicyUpdates(),
          input: ScheduleTargetInput.fromObject({ schedule: name, scheduled_at: ContextAttribute.scheduledTime }),
          deadLetterQueue: this.deadLetters,
          maxEventAge: Duration.hours(1),
          retryAttempts: 10,
        }),
      });
      schedule.node.addDependency(rights);
    }
  }
}
