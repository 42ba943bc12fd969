import { Duration } from 'aws-cdk-lib';
import { Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Environment } from '../environment.ts';
import { type AlarmRule, above, below } from './alarm-rule.ts';
import { apiMetric, failedPercent, ownMetric, throttles, workgroupMetric } from './metrics.ts';
import type { Stages } from './stages.ts';

/** A night has up to 25 hours, and the catch-up an hour and a half more. */
const hoursBetweenRuns = 27;
const gibibyte = 1024 ** 3;

/** Alarms of what answers, refreshes and stores. */
export function serviceAlarms(stages: Stages, settings: Environment): AlarmRule[] {
  return [...reports(stages), ...refresh(stages), ...warehouse(stages, settings), ...mysql(stages)];
}

function reports({ api: { api, apiFunction } }: Stages): AlarmRule[] {
  return [
    above({
      name: 'reports-failing',
      level: 'warn',
      meaning: 'More than 1 in 100 calls of the reports API end in a 5xx.',
      runbook: 'reports-failing',
      metric: failedPercent(api),
      threshold: 1,
      periods: 2,
    }),
    above({
      name: 'reports-slow',
      level: 'warn',
      meaning: 'One call in twenty of the reports API takes longer than 5 seconds, which is promised.',
      runbook: 'reports-slow',
      metric: apiMetric(api, 'Latency', Stats.percentile(95), Duration.minutes(5)),
      threshold: 5_000,
      periods: 3,
    }),
    above({
      name: 'reports-throttled',
      level: 'warn',
      meaning: 'The reports function was turned away for want of concurrency.',
      runbook: 'throttles',
      metric: throttles(apiFunction),
      threshold: 0,
      periods: 2,
      of: 3,
    }),
  ];
}

function refresh({ refresh: { refreshMachine } }: Stages): AlarmRule[] {
  const period = Duration.hours(1);
  return [
    below(
      {
        name: 'refresh-missed',
        level: 'warn',
        meaning: `No refresh has been completed for ${hoursBetweenRuns} hours.`,
        runbook: 'refresh-missed',
        metric: ownMetric('RefreshCompleted', Stats.SUM, period),
        threshold: 1,
        periods: hoursBetweenRuns,
      },
      TreatMissingData.BREACHING,
    ),
    above({
      name: 'refresh-failed',
      level: 'warn',
      meaning: 'An execution of the refresh failed, after its own retries.',
      runbook: 'refresh-failed',
      metric: refreshMachine.machine.metricFailed({ period, statistic: Stats.SUM }),
      threshold: 0,
    }),
    above({
      name: 'refresh-timed-out',
      level: 'warn',
      meaning: 'An execution of the refresh took longer than three hours and was ended.',
      runbook: 'refresh-failed',
      metric: refreshMachine.machine.metricTimedOut({ period, statistic: Stats.SUM }),
      threshold: 0,
    }),
  ];
}

function warehouse(stages: Stages, settings: Environment): AlarmRule[] {
  return [
    above({
      name: 'warehouse-full-capacity',
      level: 'warn',
      meaning: 'Redshift has worked at its highest capacity for half an hour: reports and loads wait for each other.',
      runbook: 'redshift-capacity',
      metric: workgroupMetric(stages, 'ComputeCapacity', Stats.MINIMUM),
      threshold: settings.warehouse.maxCapacity - 1,
      periods: 6,
    }),
    above({
      name: 'warehouse-queueing',
      level: 'warn',
      meaning: 'Queries have waited in Redshift for a quarter of an hour.',
      runbook: 'redshift-capacity',
      metric: workgroupMetric(stages, 'QueriesQueued', Stats.AVERAGE),
      threshold: 5,
      periods: 3,
    }),
  ];
}

function mysql({ sources }: Stages): AlarmRule[] {
  return [
    below({
      name: 'mysql-storage',
      level: 'warn',
      meaning: 'MySQL has had less than 2 GiB of storage left for a quarter of an hour.',
      runbook: 'mysql-storage',
      metric: sources.mysql.instance.metricFreeStorageSpace({
        period: Duration.minutes(5),
        statistic: Stats.MINIMUM,
      }),
      threshold: 2 * gibibyte,
      periods: 3,
    }),
  ];
}
