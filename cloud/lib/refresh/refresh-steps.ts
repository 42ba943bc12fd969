import { Duration } from 'aws-cdk-lib';
import {
  Choice,
  Condition,
  Errors,
  Fail,
  type IChainable,
  IntegrationPattern,
  JitterType,
  JsonPath,
  Pass,
  Succeed,
  TaskInput,
} from 'aws-cdk-lib/aws-stepfunctions';
import { GlueStartJobRun, LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import type { CensusRequest } from '../../../src/apps/cloud/open-census.ts';
import type { RefreshRequest } from '../../../src/apps/cloud/open-refresh.ts';
import type { StageFunction } from '../constructs/stage-function.ts';
import type { SourcesStack } from '../stacks/sources-stack.ts';

export interface RefreshStepsProps {
  readonly sources: SourcesStack;
  readonly refreshFunction: StageFunction;
}

const isDue: RefreshRequest = { action: 'due' };
const runDue: RefreshRequest = { action: 'run' };
/** Figures change once a year: newer ones are fetched when somebody asks for them. */
const keepCensus: CensusRequest = { fetch: false };

/**
 * The refresh as states: is a run due? MySQL by the Glue job and the census, neither of which keeps the rest from
 * happening; then the run itself, which the ledger lets happen once a business date however often it is asked for.
 */
export function refreshSteps(scope: Construct, { sources, refreshFunction }: RefreshStepsProps): IChainable {
  const run = runStep(scope, refreshFunction);
  const customers = customersStep(scope, sources);
  const census = censusStep(scope, sources);
  customers.addCatch(new Pass(scope, 'Customers not read').next(census), { resultPath: '$.customers' });
  census.addCatch(new Pass(scope, 'Census not brought in').next(run), { resultPath: '$.census' });
  const choice = new Choice(scope, 'Is a run due?')
    .when(Condition.booleanEquals('$.answer.due', true), customers.next(census).next(run))
    .otherwise(new Succeed(scope, 'Done already', { comment: 'The ledger has a run of this business date' }));
  return askStep(scope, refreshFunction).next(choice);
}

function askStep(scope: Construct, refreshFunction: StageFunction): LambdaInvoke {
  const ask = new LambdaInvoke(scope, 'Ask the ledger', {
    lambdaFunction: refreshFunction.function,
    payload: TaskInput.fromObject({ ...isDue }),
    resultSelector: { 'due.$': '$.Payload.due' },
    resultPath: '$.answer',
    retryOnServiceExceptions: false,
  });
  ask.addRetry({
    errors: [Errors.ALL],
    interval: Duration.seconds(10),
    backoffRate: 2,
    maxAttempts: 6,
    maxDelay: Duration.minutes(5),
    jitterStrategy: JitterType.FULL,
  });
  return ask;
}

/** Waits for the job to end. A second try comes after MySQL may have come back; what it could not read, it says itself. */
function customersStep(scope: Construct, { customerJob }: SourcesStack): GlueStartJobRun {
  const customers = new GlueStartJobRun(scope, 'Read customers and stores', {
    glueJobName: customerJob.jobName,
    integrationPattern: IntegrationPattern.RUN_JOB,
    resultPath: JsonPath.DISCARD,
  });
  customers.addRetry({ errors: [Errors.ALL], interval: Duration.minutes(5), backoffRate: 1, maxAttempts: 1 });
  return customers;
}

function censusStep(scope: Construct, { censusFunction }: SourcesStack): LambdaInvoke {
  const census = new LambdaInvoke(scope, 'Bring in the census', {
    lambdaFunction: censusFunction.function,
    payload: TaskInput.fromObject({ ...keepCensus }),
    resultPath: JsonPath.DISCARD,
    retryOnServiceExceptions: false,
  });
  census.addRetry({ errors: [Errors.ALL], interval: Duration.seconds(30), backoffRate: 2, maxAttempts: 2 });
  return census;
}

/** Ten minutes lie between attempts, as on one machine; with the first there are three. */
function runStep(scope: Construct, refreshFunction: StageFunction): LambdaInvoke {
  const run = new LambdaInvoke(scope, 'Run what is due', {
    lambdaFunction: refreshFunction.function,
    payload: TaskInput.fromObject({ ...runDue }),
    outputPath: '$.Payload',
    retryOnServiceExceptions: false,
  });
  run.addRetry({
    errors: ['Lambda.TooManyRequestsException', 'Lambda.ServiceException', 'Lambda.SdkClientException'],
    interval: Duration.seconds(30),
    backoffRate: 2,
    maxAttempts: 8,
    maxDelay: Duration.minutes(5),
  });
  run.addRetry({
    errors: [Errors.ALL],
    // A little longer than the ledger makes a run wait that failed before.
    interval: Duration.minutes(11),
    backoffRate: 1,
    maxAttempts: 2,
  });
  run.addCatch(
    new Fail(scope, 'Refresh failed', {
      error: 'RefreshFailed',
      cause: 'A step of the refresh failed three times; refresh_step in the warehouse says which and why.',
    }),
    { resultPath: '$.failure' },
  );
  return run;
}
