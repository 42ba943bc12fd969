import Type from 'typebox';
import { ProblemSchema } from '../contract/answers.ts';
import { SlicehouseError } from '../contract/errors.ts';
import type { Access } from '../http/access.ts';
import type { App } from '../http/create-app.ts';
import type { Metrics } from '../runtime/metrics.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import type { Events } from './events.ts';

/** What these routes tell of, gathered by whoever composes the process. */
export interface OperationsRoutesOptions {
  readonly warehouse: Warehouse;
  readonly access: Access;
  readonly events: Events;
  readonly metrics: Metrics;
  /** Figures of the stages before the warehouse: freshness, backlog. */
  readonly pipeline: () => object;
  /** False while the process starts or stops. */
  readonly ready: () => boolean;
}

/** State of the pipeline, live events, quarantine, health, metrics. */
export function operationsRoutes(app: App, options: OperationsRoutesOptions): void {
  const { warehouse, access, events, metrics } = options;
  const hidden = { schema: { hide: true } };
  app.get('/healthz', hidden, async () => ({ status: 'ok' }));
  app.get('/readyz', hidden, async () => {
    if (options.ready()) return { status: 'ready' };
    throw new SlicehouseError('stopping', 'The server is starting or stopping.', { retryAfterSeconds: 2 });
  });
  app.get('/metrics', { schema: { summary: 'Prometheus metrics', tags: ['operations'] } }, async (request, reply) => {
    access.require(request, 'read');
    return reply.type(metrics.contentType).send(await metrics.text());
  });
  app.get(
    '/v1/pipeline',
    { schema: { summary: 'Freshness, backlog and books', tags: ['operations'] } },
    async (request) => {
      access.require(request, 'read');
      const { visibleThrough, dataVersion } = warehouse.status();
      return {
        visible_through: visibleThrough,
        data_version: dataVersion,
        ...options.pipeline(),
        days: await ledgerByDay(warehouse),
      };
    },
  );
  app.get(
    '/v1/events',
    { schema: { summary: 'Server-sent events: hello, visible', tags: ['operations'] } },
    (request, reply) => {
      access.require(request, 'read');
      const { visibleThrough, dataVersion } = warehouse.status();
      events.listen(reply.raw, {
        visible_through: visibleThrough,
        data_version: dataVersion,
        orders: 0,
        freshness_ms: 0,
      });
      reply.hijack();
    },
  );
  app.get('/v1/quarantine', { schema: quarantineDescription }, async (request) => {
    access.require(request, 'admin');
    return { quarantine: await warehouse.query(quarantineSql) };
  });
}

const quarantineDescription = {
  summary: 'Records that could not be taken, the newest 1,000',
  tags: ['operations'],
  response: { 200: Type.Object({ quarantine: Type.Array(Type.Unknown()) }), default: ProblemSchema },
};

const quarantineSql = `
  SELECT quarantine_id AS id, source, code, reason, origin, bytes AS bytes_base64, accepted_at
  FROM quarantine ORDER BY accepted_at DESC, quarantine_id LIMIT 1000`;

function ledgerByDay(warehouse: Warehouse): Promise<unknown[]> {
  return warehouse.query(`
    SELECT CAST(loaded_at AS DATE) AS day, CAST(SUM(records) AS BIGINT) AS received, CAST(SUM(loaded) AS BIGINT) AS loaded,
      CAST(SUM(duplicates) AS BIGINT) AS duplicates, CAST(SUM(superseded) AS BIGINT) AS superseded,
      CAST(SUM(quarantined) AS BIGINT) AS quarantined, CAST(SUM(replaced) AS BIGINT) AS replaced
    FROM load_ledger GROUP BY 1 ORDER BY 1 DESC LIMIT 92`);
}
