import { createGunzip } from 'node:zlib';
import type { FastifyRequest, RequestPayload } from 'fastify';
import { BatchAnswerSchema, OrderAnswerSchema, ProblemSchema } from '../contract/answers.ts';
import { SlicehouseError } from '../contract/errors.ts';
import { OrderSchema } from '../contract/order.ts';
import type { Access } from '../http/access.ts';
import type { App } from '../http/create-app.ts';
import type { Ingest, Sender } from './take-orders.ts';

/** `POST /v1/orders`: one order as JSON, or many as NDJSON, plain or gzip. */
export function ingestRoutes(app: App, ingest: Ingest, access: Access): void {
  // biome-ignore lint/nursery/noMisusedPromises: Fastify waits for plugins that return a promise
  app.register(async (orders) => {
    orders.removeAllContentTypeParsers();
    for (const type of ['application/json', 'application/x-ndjson']) {
      orders.addContentTypeParser(type, { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    }
    orders.addHook('preParsing', unpack);
    orders.post('/v1/orders', { schema: description }, async (request, reply) => {
      const sender = senderOf(request, access);
      const body = request.body as Buffer | undefined;
      if (!body || body.length === 0)
        throw new SlicehouseError('malformed_json', 'The body is empty; it takes an order.');
      if (!request.headers['content-type']?.includes('ndjson')) {
        // As a text: finding a serialiser for three fields costs more than writing them.
        return reply
          .code(202)
          .type('application/json')
          .send(JSON.stringify(await ingest.takeOne(body, sender)));
      }
      const answer = await ingest.takeBatch(body, sender);
      return reply.code(answer.accepted === 0 && answer.rejected.length > 0 ? 422 : 202).send(answer);
    });
  });
}

const description = {
  summary: 'Post one order, or many',
  description:
    'application/json takes one order, application/x-ndjson up to 10,000, one a line. 202 means: on disk. Posting the same order again is harmless.',
  tags: ['orders'],
  consumes: ['application/json', 'application/x-ndjson'],
  body: OrderSchema,
  response: {
    202: { anyOf: [OrderAnswerSchema, BatchAnswerSchema] },
    422: { anyOf: [ProblemSchema, BatchAnswerSchema] },
    default: ProblemSchema,
  },
};

/** The source is the key's. Only an administrator's command may name another: it brings orders of somebody else. */
function senderOf(request: FastifyRequest, access: Access): Sender {
  const caller = access.require(request, 'ingest');
  const named = request.headers['slicehouse-source'];
  const source =
    caller.role === 'admin' && typeof named === 'string' && named !== '' ? named.slice(0, 64) : caller.source;
  return { source, quarantineRejects: request.headers['slicehouse-origin'] !== 'import' };
}

type Unpacked = (error?: Error | null, payload?: RequestPayload) => void;

/** Unpacks gzip while it arrives; the body limit then counts what comes out, so a bomb stops at 8 MiB. */
function unpack(request: FastifyRequest, _reply: unknown, payload: RequestPayload, done: Unpacked): void {
  const encoding = request.headers['content-encoding'];
  if (encoding === undefined || encoding === 'identity') done(null, payload);
  else if (encoding === 'gzip') done(null, gunzipped(payload));
  else {
    const detail = `Content encoding '${encoding.slice(0, 40)}' is not understood; use gzip or none.`;
    done(new SlicehouseError('unsupported_media_type', detail));
  }
}

function gunzipped(payload: RequestPayload): RequestPayload {
  const gunzip = createGunzip();
  const unpacked: RequestPayload = gunzip;
  unpacked.receivedEncodedLength = 0;
  payload.on('data', (chunk: Buffer) => {
    unpacked.receivedEncodedLength = (unpacked.receivedEncodedLength ?? 0) + chunk.length;
  });
  payload.on('error', (error) => gunzip.destroy(error));
  payload.pipe(gunzip);
  return unpacked;
}
