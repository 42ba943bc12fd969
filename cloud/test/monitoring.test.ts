import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { metricUnits } from '../../src/apps/cloud/telemetry.ts';
import { type Resource, resourcesOf, type Synthesized, synthesize } from './support/app.ts';

const runbook = 'https://runbook.example.com/#';
let dev: Synthesized;
beforeAll(async () => {
  dev = await synthesize({ runbook, alarmEmail: 'night@example.com' });
});
afterAll(() => dev?.[Symbol.dispose]());

const found = (type: string): Resource['Properties'][] =>
  resourcesOf(dev.templates['Monitoring'], type).map(([, { Properties }]) => Properties);

interface Measured {
  readonly MetricName: string;
  readonly Namespace: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: unknown }[];
}
interface Alarm {
  readonly AlarmName: string;
  readonly AlarmDescription: string;
  readonly Threshold: number;
  readonly ComparisonOperator: string;
  readonly EvaluationPeriods: number;
  readonly DatapointsToAlarm: number;
  readonly Period?: number;
  readonly TreatMissingData: string;
  readonly MetricName?: string;
  readonly Namespace?: string;
  readonly AlarmActions: readonly unknown[];
  readonly OKActions: readonly unknown[];
  readonly Metrics?: readonly { readonly Expression?: string; readonly MetricStat?: { readonly Metric: Measured } }[];
}
const alarms = (): Alarm[] => found('AWS::CloudWatch::Alarm') as unknown as Alarm[];
const alarm = (name: string): Alarm => {
  const one = alarms().find(({ AlarmName }) => AlarmName === `slicehouse-dev-${name}`);
  expect(one, name).toBeDefined();
  return one as Alarm;
};
const measuredBy = ({ MetricName, Metrics = [] }: Alarm): string[] => [
  ...(MetricName === undefined ? [] : [MetricName]),
  ...Metrics.flatMap(({ MetricStat }) => MetricStat?.Metric.MetricName ?? []),
];
const isPage = (one: Alarm): boolean => JSON.stringify(one.AlarmActions).includes('PageTopic');

/** The anchors of the runbook's sections, as GitHub makes them of headings. */
const sections = [
  ...readFileSync(new URL('../../docs/runbook.md', import.meta.url), 'utf8').matchAll(/^## (.+)$/gm),
].map((match) => (match[1] ?? '').toLowerCase().replaceAll(' ', '-'));

describe('the alarms', () => {
  it('all say what is wrong, link to their section of the runbook, and tell somebody when they come and go', () => {
    expect(alarms().length).toBeGreaterThan(20);
    for (const one of alarms()) {
      const [meaning, link] = one.AlarmDescription.split(' What to do: ');
      expect(meaning).toMatch(/^[A-Z].{20,}\.$/);
      expect(link?.startsWith(runbook), one.AlarmName).toBe(true);
      expect(sections, one.AlarmName).toContain(link?.slice(runbook.length));
      expect(one.AlarmActions).toHaveLength(1);
      expect(one.OKActions).toEqual(one.AlarmActions);
    }
  });

  it('leave no section of the runbook without one; the budget has that of cost', () => {
    const linked = alarms().map(({ AlarmDescription }) => AlarmDescription.split('#')[1]);
    expect([...new Set(linked), 'cost'].sort()).toEqual([...sections].sort());
  });

  it('warn after 5 minutes without an order in the figures, and page after 15', () => {
    expect(alarm('freshness-warn')).toMatchObject({ Threshold: 300, ComparisonOperator: 'GreaterThanThreshold' });
    expect(alarm('freshness-page')).toMatchObject({ Threshold: 900, ComparisonOperator: 'GreaterThanThreshold' });
    expect(isPage(alarm('freshness-warn'))).toBe(false);
    expect(isPage(alarm('freshness-page'))).toBe(true);
    // Also of what still waits: nothing becomes visible when the loader stands.
    expect(measuredBy(alarm('freshness-page'))).toEqual(
      expect.arrayContaining(['FreshnessSeconds', 'DeliveryToS3.DataFreshness', 'ApproximateAgeOfOldestMessage']),
    );
  });

  it('page for what loses or refuses orders', () => {
    expect(
      alarms()
        .filter(isPage)
        .map(({ AlarmName }) => AlarmName.replace('slicehouse-dev-', ''))
        .sort(),
    ).toEqual(['freshness-page', 'landed-dead-letters', 'orders-refused', 'orders-undelivered', 'rejects-undelivered']);
  });

  it.each([
    ['orders-undelivered', 'DeliveryToS3.Success'],
    ['orders-stream-throttled', 'ThrottledRecords'],
    ['loader-behind', 'ApproximateAgeOfOldestMessage'],
    ['loader-failing', 'LoaderFailures'],
    ['copy-errors', 'CopyErrors'],
    ['quarantine-growing', 'Quarantined'],
    ['landed-dead-letters', 'ApproximateNumberOfMessagesVisible'],
    ['refresh-missed', 'RefreshCompleted'],
    ['refresh-failed', 'ExecutionsFailed'],
    ['orders-throttled', 'Throttles'],
    ['reports-throttled', 'Throttles'],
    ['reports-slow', 'Latency'],
    ['warehouse-full-capacity', 'ComputeCapacity'],
    ['mysql-storage', 'FreeStorageSpace'],
  ])('has %s on %s', (name, metric) => {
    expect(measuredBy(alarm(name))).toEqual([metric]);
  });

  it('count failed calls as a share, and not of a handful', () => {
    for (const name of ['orders-refused', 'reports-failing'])
      expect(alarm(name).Metrics?.flatMap(({ Expression }) => Expression ?? [])).toEqual([
        'IF(calls >= 10, 100 * failed / calls, 0)',
      ]);
  });

  it('miss a refresh in silence, after the longest night and its catch-up', () => {
    const missed = alarm('refresh-missed');
    expect(missed).toMatchObject({ TreatMissingData: 'breaching', Period: 3_600, Threshold: 1 });
    expect(missed.ComparisonOperator).toBe('LessThanThreshold');
    expect(missed.EvaluationPeriods).toBe(missed.DatapointsToAlarm);
    // 25 hours from 02:00 to 02:00, the catch-up at 03:30; CloudWatch looks back a week at the most.
    expect(missed.EvaluationPeriods).toBeGreaterThan(26.5);
    expect(missed.EvaluationPeriods).toBeLessThanOrEqual(168);
  });

  it('know every metric that our functions publish', () => {
    const own = Object.keys(metricUnits);
    const body = JSON.stringify(found('AWS::CloudWatch::Dashboard')[0]?.['DashboardBody']);
    const drawn = [...body.matchAll(/Slicehouse\\*",\\*"(\w+)/g)].map((match) => match[1] ?? '');
    // Each has its place on the page, and no other is asked for.
    expect([...new Set(drawn)].sort()).toEqual([...own].sort());
    const watched = alarms().flatMap(({ Namespace, MetricName }) => (Namespace === 'Slicehouse' ? [MetricName] : []));
    expect(watched.length).toBeGreaterThan(3);
    for (const name of watched) expect(own).toContain(name);
  });
});

describe('the topics', () => {
  it('are encrypted with our key, take nothing without TLS, and mail who is named', () => {
    expect(found('AWS::SNS::Topic')).toEqual([
      expect.objectContaining({ TopicName: 'slicehouse-dev-pages', KmsMasterKeyId: expect.anything() }),
    ]);
    expect(JSON.stringify(found('AWS::SNS::TopicPolicy'))).toContain('"aws:SecureTransport":"false"');
    expect(found('AWS::SNS::Subscription')).toEqual([
      expect.objectContaining({ Protocol: 'email', Endpoint: 'night@example.com' }),
    ]);
  });
});

describe('the budget', () => {
  it('counts what carries our tag, and tells of half, of all, and of more than all to come', () => {
    const [budget] = found('AWS::Budgets::Budget');
    expect(budget?.['Budget']).toMatchObject({
      TimeUnit: 'MONTHLY',
      BudgetLimit: { Amount: 200, Unit: 'USD' },
      CostFilters: { TagKeyValue: ['user:environment$dev'] },
    });
    const notices = budget?.['NotificationsWithSubscribers'] as { Notification: Record<string, unknown> }[];
    expect(notices.map(({ Notification }) => [Notification['NotificationType'], Notification['Threshold']])).toEqual([
      ['ACTUAL', 50],
      ['ACTUAL', 100],
      ['FORECASTED', 100],
    ]);
  });
});

describe('the dashboard', () => {
  it('follows an order through the stages, in their order', () => {
    const [dashboard] = found('AWS::CloudWatch::Dashboard');
    expect(dashboard?.['DashboardName']).toBe('slicehouse-dev-orders');
    const body = JSON.stringify(dashboard?.['DashboardBody']);
    const stages = ['1 Accepted', '2 Firehose', '3 Landed', '4 Queue', '5 Loaded', '6 Visible', '7 Reported'];
    const places = stages.map((stage) => body.indexOf(stage));
    expect(places.every((place) => place > 0)).toBe(true);
    expect(places).toEqual([...places].sort((one, other) => one - other));
  });
});
