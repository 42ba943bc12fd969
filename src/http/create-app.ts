import compress from '@fastify/compress';
import swagger from '@fastify/swagger';
import Fastify, {
  type FastifyInstance,
  LogController,
  type RawReplyDefaultExpression,
  type RawRequestDefaultExpression,
  type RawServerDefault,
} from 'fastify';
import { SlicehouseError } from '../contract/errors.ts';
import { limits } from '../contract/limits.ts';
import type { Log } from '../runtime/log.ts';
import { trackIdleConnections } from './idle-connections.ts';
import { answerProblem, rawProblem } from './problem.ts';

/** The web application that the stages add their routes to. */
export type App = FastifyInstance<RawServerDefault, RawRequestDefaultExpression, RawReplyDefaultExpression, Log>;

const requestTimeoutMs = 60_000;

/**
 * An application without routes: limits, problem documents, OpenAPI. Schemas on routes describe
 * them in /openapi.json; checking is each route's own business, so that nothing is coerced or dropped on the way.
 */
export async function createApp(log: Log, version: string): Promise<App> {
  const app = Fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    // One log for all requests: a child for each costs more than checking an order.
    childLoggerFactory: (logger) => logger,
    bodyLimit: limits.bodyBytesMax,
    requestTimeout: requestTimeoutMs,
    // What arrives while the server closes is still taken; the answer ends its connection.
    return503OnClosing: false,
    routerOptions: { maxParamLength: 200 },
    clientErrorHandler: (error, socket) => {
      if (!socket.writable) return;
      const slow = error.code === 'ERR_HTTP_REQUEST_TIMEOUT';
      socket.end(
        slow
          ? rawProblem('request_timeout', 'The request took longer than a minute to arrive.')
          : rawProblem('malformed_json', 'This is not an HTTP request.'),
      );
    },
  });
  const endIdleConnections = trackIdleConnections(app.server);
  app.addHook('preClose', async () => endIdleConnections());
  app.setValidatorCompiler(() => () => true);
  app.setSerializerCompiler(() => (body) => JSON.stringify(body));
  app.setErrorHandler(answerProblem);
  app.setNotFoundHandler((request) => {
    throw new SlicehouseError(
      'not_found',
      `There is nothing at ${request.method} ${request.url.slice(0, 200)}. /docs shows what there is.`,
    );
  });
  await app.register(compress, { global: false, threshold: 1024 });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Slicehouse',
        version,
        description: 'Orders in, answers by state out.',
        license: { name: 'Apache-2.0' },
      },
      components: { securitySchemes: { key: { type: 'http', scheme: 'bearer' } } },
    },
  });
  return app;
}
