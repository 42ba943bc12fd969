import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dailySchedules } from '../lib/refresh/schedule-times.ts';
import { type Resource, resourcesOf, type Synthesized, statementsOf, synthesize } from './support/app.ts';

let dev: Synthesized;
beforeAll(async () => {
  dev = await synthesize({ refreshZone: 'America/Chicago' });
});
afterAll(() => dev?.[Symbol.dispose]());

const found = (type: string): Resource['Properties'][] =>
  resourcesOf(dev.templates['Refresh'], type).map(([, { Properties }]) => Properties);

interface State {
  readonly Type: string;
  readonly Next?: string;
  readonly End?: boolean;
  readonly Resource?: string;
  readonly Parameters?: Record<string, unknown>;
  readonly Default?: string;
  readonly Choices?: readonly { readonly Variable: string; readonly BooleanEquals: boolean; readonly Next: string }[];
  readonly Retry?: readonly {
    readonly ErrorEquals: string[];
    readonly IntervalSeconds: number;
    readonly MaxAttempts: number;
  }[];
  readonly Catch?: readonly { readonly ErrorEquals: string[]; readonly Next: string }[];
}

/** The definition of the state machine, with a word in place of each reference. */
function definition(): { StartAt: string; States: Record<string, State>; TimeoutSeconds: number } {
  const written = found('AWS::StepFunctions::StateMachine')[0]?.['DefinitionString'] as {
    'Fn::Join': [string, unknown[]];
  };
  const [separator, parts] = written['Fn::Join'];
  return JSON.parse(parts.map((part) => (typeof part === 'string' ? part : 'reference')).join(separator));
}

const state = (name: string): State => {
  const one = definition().States[name];
  expect(one, name).toBeDefined();
  return one as State;
};

describe('the schedules', () => {
  it('are those that the table of ten years is about, in the zone of the context, and start the same machine', () => {
    const schedules = found('AWS::Scheduler::Schedule');
    expect(schedules.map(({ ScheduleExpression }) => ScheduleExpression)).toEqual(
      dailySchedules.map(({ hour, minute }) => `cron(${minute} ${hour} * * ? *)`),
    );
    expect(schedules.map(({ ScheduleExpression }) => ScheduleExpression)).toEqual([
      'cron(0 2 * * ? *)',
      'cron(30 3 * * ? *)',
    ]);
    for (const schedule of schedules)
      expect(schedule).toMatchObject({
        ScheduleExpressionTimezone: 'America/Chicago',
        FlexibleTimeWindow: { Mode: 'OFF' },
        State: 'ENABLED',
        KmsKeyArn: expect.anything(),
        Target: {
          Arn: { Ref: expect.stringMatching(/^RefreshMachine/) },
          DeadLetterConfig: { Arn: { 'Fn::GetAtt': [expect.stringMatching(/^DailyStartsDeadLetters/), 'Arn'] } },
        },
      });
  });

  it('may start this machine, and nothing else', () => {
    const starts = statementsOf(dev.templates['Refresh']).filter(({ statement }) =>
      [statement.Action].flat().includes('states:StartExecution'),
    );
    expect(starts.map(({ statement }) => statement.Resource)).toEqual([
      { Ref: expect.stringMatching(/^RefreshMachine/) },
    ]);
  });

  it('give the functions the zone that they follow themselves', () => {
    for (const [stage, name] of [
      ['Refresh', 'refresh'],
      ['Api', 'api'],
    ] as const) {
      const [, one] =
        resourcesOf(dev.templates[stage], 'AWS::Lambda::Function').find(
          ([, { Properties }]) => Properties['FunctionName'] === `slicehouse-dev-${name}`,
        ) ?? [];
      expect(one?.Properties['Environment'], name).toMatchObject({
        Variables: { SLICEHOUSE_REFRESH_ZONE: 'America/Chicago' },
      });
    }
  });
});

describe('the state machine', () => {
  it('is encrypted with our key, traced, and logs everything', () => {
    expect(found('AWS::StepFunctions::StateMachine')[0]).toMatchObject({
      EncryptionConfiguration: { Type: 'CUSTOMER_MANAGED_KMS_KEY', KmsKeyId: expect.anything() },
      TracingConfiguration: { Enabled: true },
      LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: true },
    });
  });

  it('asks the ledger first and ends at once when nothing is due', () => {
    expect(definition().StartAt).toBe('Ask the ledger');
    expect(state('Ask the ledger')).toMatchObject({
      Parameters: { Payload: { action: 'due' } },
      Next: 'Is a run due?',
    });
    expect(state('Is a run due?')).toMatchObject({
      Choices: [{ Variable: '$.answer.due', BooleanEquals: true, Next: 'Read customers and stores' }],
      Default: 'Done already',
    });
    expect(state('Done already').Type).toBe('Succeed');
  });

  it('waits for the Glue job, and goes on without it when it fails', () => {
    const customers = state('Read customers and stores');
    expect(customers.Resource).toMatch(/glue:startJobRun\.sync$/);
    expect(customers.Parameters).toMatchObject({ JobName: 'slicehouse-dev-customers' });
    expect(customers.Next).toBe('Bring in the census');
    expect(state(customers.Catch?.[0]?.Next ?? '')).toMatchObject({ Type: 'Pass', Next: 'Bring in the census' });
    const census = state('Bring in the census');
    expect(census.Next).toBe('Run what is due');
    expect(state(census.Catch?.[0]?.Next ?? '')).toMatchObject({ Type: 'Pass', Next: 'Run what is due' });
  });

  it('tries a failed run twice more, later than the ledger makes it wait, and says when it gives up', () => {
    const run = state('Run what is due');
    expect(run.Parameters).toMatchObject({ Payload: { action: 'run' } });
    const last = run.Retry?.at(-1);
    expect(last).toMatchObject({ ErrorEquals: ['States.ALL'], MaxAttempts: 2 });
    expect(last?.IntervalSeconds).toBeGreaterThan(600);
    expect(state(run.Catch?.[0]?.Next ?? '').Type).toBe('Fail');
  });

  it('has a way on from every state, retries for every task, and no state that nothing leads to', () => {
    const { StartAt, States } = definition();
    const leadsTo = (one: State): string[] =>
      [one.Next, one.Default, ...(one.Choices ?? []), ...(one.Catch ?? [])].flatMap((next) =>
        typeof next === 'string' ? [next] : next ? [next.Next] : [],
      );
    const reached = new Set([StartAt]);
    for (const name of reached) for (const next of leadsTo(state(name))) reached.add(next);
    expect([...reached].sort()).toEqual(Object.keys(States).sort());
    for (const [name, one] of Object.entries(States)) {
      if (one.Type === 'Task') expect(one.Retry?.length, name).toBeGreaterThan(0);
      expect(leadsTo(one).length > 0 || one.End || ['Succeed', 'Fail'].includes(one.Type), name).toBe(true);
    }
  });

  it('may call two functions and run one job', () => {
    const statements = statementsOf(dev.templates['Refresh']).filter(({ policy }) =>
      policy.startsWith('RefreshMachine'),
    );
    const calls = statements.find(({ statement }) => [statement.Action].flat().includes('lambda:InvokeFunction'));
    expect(calls?.statement.Resource).toHaveLength(2);
    expect(JSON.stringify(calls?.statement.Resource)).not.toContain('*');
    const jobs = statements.find(({ statement }) => [statement.Action].flat().includes('glue:StartJobRun'));
    expect(JSON.stringify(jobs?.statement.Resource)).toMatch(/:job\/slicehouse-dev-customers"/);
  });
});

describe('the refresh function', () => {
  it('runs one at a time, so that two starts cannot both find that nothing is done', () => {
    const refresh = found('AWS::Lambda::Function').find((one) => one['FunctionName'] === 'slicehouse-dev-refresh');
    expect(refresh).toMatchObject({ ReservedConcurrentExecutions: 1, Timeout: 900 });
  });
});
