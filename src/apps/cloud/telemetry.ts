import { Logger } from '@aws-lambda-powertools/logger';
import type { LogLevel } from '@aws-lambda-powertools/logger/types';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { Tracer } from '@aws-lambda-powertools/tracer';
import type { Context } from 'aws-lambda';
import { pino } from 'pino';
import type { Log } from '../../runtime/log.ts';

/** Every metric that the functions publish: namespace `Slicehouse`, dimension `service` = `slicehouse`, whichever function it is. */
export const metricUnits = {
  OrdersAccepted: MetricUnit.Count,
  OrdersRejected: MetricUnit.Count,
  RecordsLoaded: MetricUnit.Count,
  Quarantined: MetricUnit.Count,
  FreshnessSeconds: MetricUnit.Seconds,
  LoaderFailures: MetricUnit.Count,
  CopyErrors: MetricUnit.Count,
  RefreshCompleted: MetricUnit.Count,
} as const;
/** Dashboards and alarms name metrics by this. */
export type MetricName = keyof typeof metricUnits;

/** What a function tells of itself. Neither bodies nor keys are ever among it. */
export interface Telemetry {
  readonly logger: Logger;
  /** The same log for stages that write as on one machine. */
  readonly log: Log;
  /** Adds to a metric, published when the invocation ends. */
  count(name: MetricName, value: number): void;
  /** Has the calls of an AWS client in the trace. */
  traced<Client>(client: Client): Client;
  /** Wraps a handler: context in every log line, metrics published, failures logged before they are thrown. */
  handler<Event, Answer>(
    run: (event: Event, context: Context) => Promise<Answer>,
  ): (event: Event, context: Context) => Promise<Answer>;
}

const levels: Readonly<Record<string, LogLevel>> = {
  trace: 'TRACE',
  debug: 'DEBUG',
  info: 'INFO',
  warn: 'WARN',
  error: 'ERROR',
  fatal: 'CRITICAL',
  silent: 'SILENT',
};

/** @param stage the function's name in log lines and traces, unless POWERTOOLS_SERVICE_NAME says another */
export function createTelemetry(stage: string): Telemetry {
  const level = process.env['SLICEHOUSE_LOG_LEVEL'] || 'info';
  const serviceName = process.env['POWERTOOLS_SERVICE_NAME'] || stage;
  const logger = new Logger({ serviceName, logLevel: levels[level] ?? 'INFO' });
  const metrics = new Metrics({ namespace: 'Slicehouse', serviceName: 'slicehouse' });
  const tracer = new Tracer({ serviceName, captureHTTPsRequests: false });
  return {
    logger,
    log: pinoOver(logger, level),
    count: (name, value) => metrics.addMetric(name, metricUnits[name], value),
    traced: (client) => tracer.captureAWSv3Client(client),
    handler: (run) => async (event, context) => {
      logger.addContext(context);
      try {
        return await run(event, context);
      } catch (error) {
        logger.error('the invocation failed', error as Error);
        throw error;
      } finally {
        if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
        logger.resetKeys();
      }
    },
  };
}

const writers: Readonly<Record<number, 'debug' | 'info' | 'warn' | 'error' | 'critical'>> = {
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'critical',
};

/** A log with the interface of pino whose lines are the logger's. Secrets are cut out as on one machine. */
function pinoOver(logger: Logger, level: string): Log {
  const options = {
    level,
    base: null,
    timestamp: false,
    redact: ['req.headers.authorization', 'authorization', 'token', 'key'],
  };
  return pino(options, {
    write: (line: string) => {
      const { level: number, msg, ...rest } = JSON.parse(line) as { level: number; msg?: string };
      logger[writers[number] ?? 'debug'](msg ?? '', rest);
    },
  });
}
