import { Duration } from 'aws-cdk-lib';
import { Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Schedule, type ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import { Construct } from 'constructs';
import type { StageStack } from '../stage-stack.ts';
import type { StageFunction } from './stage-function.ts';

export interface FunctionScheduleProps {
  /** Its name after the environment's prefix. */
  readonly name: string;
  readonly description: string;
  readonly schedule: ScheduleExpression;
  readonly target: StageFunction;
  /** What the function is called with. */
  readonly input: Readonly<Record<string, unknown>>;
}

/** Calls a function by the clock. What could not be called for five minutes is left to the next time. */
export class FunctionSchedule extends Construct {
  readonly schedule: Schedule;

  constructor(stack: StageStack, id: string, props: FunctionScheduleProps) {
    super(stack, id);
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': stack.account } },
      }),
    });
    const rights = new Policy(this, 'Call', {
      roles: [role],
      statements: [
        new PolicyStatement({
          actions: ['lambda:InvokeFunction'],
          resources: [props.target.function.functionArn],
        }),
      ],
    });
    this.schedule = new Schedule(this, 'Schedule', {
      scheduleName: `${stack.settings.prefix}-${props.name}`,
      description: props.description,
      schedule: props.schedule,
      target: new LambdaInvoke(props.target.function, {
        role: role.withoutPolicyUpdates(),
        input: ScheduleTargetInput.fromObject({ ...props.input }),
        maxEventAge: Duration.minutes(5),
        retryAttempts: 2,
      }),
    });
    this.schedule.node.addDependency(rights);
  }
}
