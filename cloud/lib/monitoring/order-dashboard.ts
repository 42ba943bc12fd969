import { Duration } from 'aws-cdk-lib';
import {
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IAlarm,
  type IMetric,
  type IWidget,
  Metric,
  SingleValueWidget,
  Stats,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import { edgeRegion } from '../dashboard/edge-firewall.ts';
import type { StageStack } from '../stage-stack.ts';
import { apiMetric, ownMetric, secondsBehind, streamMetric, workgroupMetric } from './metrics.ts';
import type { Stages } from './stages.ts';

const sum = Stats.SUM;
const max = Stats.MAXIMUM;
const p50 = Stats.percentile(50);
const p99 = Stats.percentile(99);

/** One page that follows an order: accepted, Firehose, landed, queue, loaded, visible, reported; each stage a row. */
export function createOrderDashboard(stack: StageStack, stages: Stages, alarms: readonly IAlarm[]): Dashboard {
  const { prefix, alarms: settings } = stack.settings;
  const text = `# Slicehouse ${stack.settings.name}\nAn order from top to bottom. [Runbook](${settings.runbook.replace(/#$/, '')})`;
  const dashboard = new Dashboard(stack, 'OrderDashboard', {
    dashboardName: `${prefix}-orders`,
    defaultInterval: Duration.hours(3),
  });
  dashboard.addWidgets(
    new TextWidget({ markdown: text, width: 6, height: 4 }),
    new SingleValueWidget({ title: 'Seconds behind', metrics: [secondsBehind(stages)], width: 6, height: 4 }),
    new AlarmStatusWidget({ title: 'Alarms', alarms: [...alarms], width: 12, height: 4 }),
  );
  for (const row of rowsOf(stages)) dashboard.addWidgets(...row);
  return dashboard;
}

function rowsOf(stages: Stages): IWidget[][] {
  return [accepted(stages), delivered(stages), loaded(stages), visible(stages), reported(stages), around(stages)];
}

function graph(title: string, left: readonly IMetric[], right: readonly IMetric[] = []): GraphWidget {
  return new GraphWidget({ title, left: [...left], right: [...right], width: 8, height: 6, leftYAxis: { min: 0 } });
}

function accepted({ ingest: { api, ingestFunction } }: Stages): IWidget[] {
  return [
    graph('1 Accepted: orders', [ownMetric('OrdersAccepted', sum), ownMetric('OrdersRejected', sum)]),
    graph(
      '1 Accepted: calls and failures',
      [apiMetric(api, 'Count', sum)],
      [apiMetric(api, '4XXError', sum), apiMetric(api, '5XXError', sum)],
    ),
    graph('1 Accepted: how long', [
      apiMetric(api, 'Latency', p50),
      apiMetric(api, 'Latency', p99),
      ingestFunction.function.metricDuration({ statistic: p99 }),
    ]),
  ];
}

function delivered({ stream: { ordersStream, rejectsStream, landedQueue } }: Stages): IWidget[] {
  const both = [ordersStream, rejectsStream];
  return [
    graph(
      '2 Firehose: records in',
      both.map((one) => streamMetric(one, 'IncomingRecords', sum)),
      both.map((one) => streamMetric(one, 'ThrottledRecords', sum)),
    ),
    graph(
      '3 Landed: records in S3, and how old',
      both.map((one) => streamMetric(one, 'DeliveryToS3.Records', sum)),
      [streamMetric(ordersStream, 'DeliveryToS3.DataFreshness', max)],
    ),
    graph(
      '4 Queue: files waiting, and how long',
      [landedQueue.metricApproximateNumberOfMessagesVisible()],
      [landedQueue.metricApproximateAgeOfOldestMessage({ statistic: max })],
    ),
  ];
}

function loaded({ load: { loadFunction }, stream }: Stages): IWidget[] {
  return [
    graph('5 Loaded: records', [ownMetric('RecordsLoaded', sum), ownMetric('Quarantined', sum)]),
    graph('5 Loaded: failures', [
      ownMetric('LoaderFailures', sum),
      ownMetric('CopyErrors', sum),
      stream.landedDeadLetters.metricApproximateNumberOfMessagesVisible({ statistic: max }),
    ]),
    graph('5 Loaded: how long a load takes', [
      loadFunction.function.metricDuration({ statistic: p50 }),
      loadFunction.function.metricDuration({ statistic: max }),
    ]),
  ];
}

function visible(stages: Stages): IWidget[] {
  return [
    new GraphWidget({
      title: '6 Visible: seconds from accepted to in the figures',
      left: [
        ownMetric('FreshnessSeconds', p50, undefined, 'p50'),
        ownMetric('FreshnessSeconds', p99, undefined, 'p99'),
        secondsBehind(stages),
      ],
      leftAnnotations: [
        { value: 300, label: 'warn', color: '#ff7f0e' },
        { value: 900, label: 'page', color: '#d62728' },
      ],
      width: 16,
      height: 6,
      leftYAxis: { min: 0 },
    }),
    graph(
      '6 Visible: warehouse',
      [workgroupMetric(stages, 'ComputeCapacity', max)],
      [workgroupMetric(stages, 'QueriesQueued', max)],
    ),
  ];
}

function reported({ api: { api, apiFunction }, dashboard: { distribution } }: Stages): IWidget[] {
  const edge = (metricName: string, statistic: string): Metric =>
    new Metric({
      namespace: 'AWS/CloudFront',
      metricName,
      dimensionsMap: { DistributionId: distribution.distributionId, Region: 'Global' },
      region: edgeRegion,
      statistic,
      period: Duration.minutes(5),
    });
  return [
    graph('7 Reported: how long', [
      apiMetric(api, 'Latency', p50),
      apiMetric(api, 'Latency', p99),
      apiFunction.function.metricDuration({ statistic: p99 }),
    ]),
    graph(
      '7 Reported: calls and failures',
      [apiMetric(api, 'Count', sum)],
      [apiMetric(api, '4XXError', sum), apiMetric(api, '5XXError', sum)],
    ),
    graph('7 Reported: CloudFront', [edge('Requests', sum)], [edge('5xxErrorRate', Stats.AVERAGE)]),
  ];
}

function around({ refresh: { refreshMachine }, sources: { mysql } }: Stages): IWidget[] {
  const { machine } = refreshMachine;
  return [
    graph('Refresh: executions', [machine.metricSucceeded(), machine.metricFailed(), machine.metricTimedOut()]),
    graph(
      'Refresh: completed',
      [ownMetric('RefreshCompleted', sum, Duration.hours(1))],
      [machine.metricTime({ statistic: max })],
    ),
    graph('MySQL', [mysql.instance.metricCPUUtilization()], [mysql.instance.metricFreeStorageSpace()]),
  ];
}
