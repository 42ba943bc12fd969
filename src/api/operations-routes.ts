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
  /** False while the process starts or stops; throws the refusal while orders are refused. */
  readonly ready: () => boolean;
}

/** Live events, health, metrics. */
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
}
