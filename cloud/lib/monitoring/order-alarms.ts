import { Duration } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { type AlarmRule, above, below } from './alarm-rule.ts';
import { failedPercent, ownMetric, secondsBehind, streamMetric, throttles } from './metrics.ts';
import type { Stages } from './stages.ts';

const fiveMinutes = Duration.minutes(5);

/** Alarms along the way of an order, from the gateway to the figures. */
export function orderAlarms(stages: Stages): AlarmRule[] {
  return [...freshness(stages), ...ingest(stages), ...stream(stages), ...load(stages)];
}

function freshness(stages: Stages): AlarmRule[] {
  const metric = secondsBehind(stages);
  return [
    above({
      name: 'freshness-warn',
      level: 'warn',
      meaning: 'Orders have not been in the figures within 5 minutes.',
      runbook: 'freshness',
      metric,
      threshold: 300,
      periods: 2,
      of: 3,
    }),
    above({
      name: 'freshness-page',
      level: 'page',
      meaning: 'Orders have not been in the figures within 15 minutes, which is promised.',
      runbook: 'freshness',
      metric,
      threshold: 900,
    }),
  ];
}

function ingest({ ingest: { api, ingestFunction } }: Stages): AlarmRule[] {
  return [
    above({
      name: 'orders-refused',
      level: 'page',
      meaning: 'More than 1 in 100 calls of the orders API end in a 5xx: tills cannot deliver.',
      runbook: 'orders-refused',
      metric: failedPercent(api),
      threshold: 1,
      periods: 2,
    }),
    above({
      name: 'orders-throttled',
      level: 'warn',
      meaning: 'The ingest function was turned away for want of concurrency.',
      runbook: 'throttles',
      metric: throttles(ingestFunction),
      threshold: 0,
      periods: 2,
      of: 3,
    }),
  ];
}

function stream({ stream: { ordersStream, rejectsStream } }: Stages): AlarmRule[] {
  return [ordersStream, rejectsStream].flatMap((one, index) => {
    const name = index === 0 ? 'orders' : 'rejects';
    return [
      below({
        name: `${name}-undelivered`,
        level: 'page',
        meaning: `Firehose cannot write the stream of ${name} to S3; it keeps what it has for 24 hours.`,
        runbook: 'firehose',
        metric: streamMetric(one, 'DeliveryToS3.Success', Stats.AVERAGE, fiveMinutes),
        threshold: 1,
        periods: 2,
        of: 3,
      }),
      above({
        name: `${name}-stream-throttled`,
        level: 'warn',
        meaning: `Firehose refuses records of the stream of ${name} for want of quota; they are sent again.`,
        runbook: 'throttles',
        metric: streamMetric(one, 'ThrottledRecords', Stats.SUM, fiveMinutes),
        threshold: 0,
        periods: 2,
        of: 3,
      }),
    ];
  });
}

function load({ stream: { landedQueue, landedDeadLetters }, refresh }: Stages): AlarmRule[] {
  const count = (metric: Parameters<typeof ownMetric>[0]) => ownMetric(metric, Stats.SUM, fiveMinutes);
  return [
    above({
      name: 'loader-behind',
      level: 'warn',
      meaning: 'A segment file has waited for the loader for more than 2 minutes.',
      runbook: 'loader-behind',
      metric: landedQueue.metricApproximateAgeOfOldestMessage({
        period: Duration.minutes(1),
        statistic: Stats.MAXIMUM,
      }),
      threshold: 120,
      periods: 3,
    }),
    above({
      name: 'loader-failing',
      level: 'warn',
      meaning: 'Loads keep failing; they are tried again and nothing is lost.',
      runbook: 'loader-failing',
      metric: count('LoaderFailures'),
      threshold: 2,
      periods: 2,
      of: 3,
    }),
    above({
      name: 'copy-errors',
      level: 'warn',
      meaning: 'COPY refused rows; their records are in quarantine and the rest was loaded.',
      runbook: 'copy-errors',
      metric: count('CopyErrors'),
      threshold: 0,
    }),
    above({
      name: 'quarantine-growing',
      level: 'warn',
      meaning: 'More than 100 records went to quarantine within an hour.',
      runbook: 'quarantine-growing',
      metric: ownMetric('Quarantined', Stats.SUM, Duration.hours(1)),
      threshold: 100,
    }),
    deadLetters('landed', 'page', landedDeadLetters, 'A segment file was given up after ten tries.'),
    deadLetters('refresh', 'warn', refresh.dailyStarts.deadLetters, 'A start of the refresh was given up.'),
  ];
}

function deadLetters(name: string, level: AlarmRule['level'], queue: Queue, meaning: string): AlarmRule {
  return above({
    name: `${name}-dead-letters`,
    level,
    meaning,
    runbook: 'dead-letters',
    metric: queue.metricApproximateNumberOfMessagesVisible({ period: fiveMinutes, statistic: Stats.MAXIMUM }),
    threshold: 0,
  });
}
