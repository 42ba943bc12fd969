import { PassThrough } from 'node:stream';
import type { FastifyReply, FastifyRequest, RequestPayload, RouteOptions } from 'fastify';
import { SlicehouseError } from '../contract/errors.ts';
import { limits } from '../contract/limits.ts';
import type { App } from './create-app.ts';

export interface BodyBounds {
  /** Bytes of the bodies of all requests that are not answered yet, unpacked. */
  readonly bytesMax: number;
  /** Why a request with a body is refused before it is read, if it is. */
  readonly refusal: (request: FastifyRequest) => SlicehouseError | undefined;
}

/** What a request takes besides its body: this bounds their number. */
const requestBytes = 16 * 1024;
const methodsWithBody: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

type Done = (error?: Error | null, payload?: RequestPayload) => void;

/**
 * Bounds the memory that bodies take, from the first byte to the answer: a request whose body has no room is answered
 * `overloaded` before it is read. To be called before routes are added.
 */
export function boundBodies(app: App, { bytesMax, refusal }: BodyBounds): void {
  const held = new WeakMap<FastifyRequest, number>();
  let heldBytes = 0;
  const hold = (request: FastifyRequest, bytes: number): void => {
    held.set(request, (held.get(request) ?? 0) + bytes);
    heldBytes += bytes;
  };
  const release = (request: FastifyRequest): void => {
    heldBytes -= held.get(request) ?? 0;
    held.delete(request);
  };
  app.addHook('onRequest', (request: FastifyRequest, reply: FastifyReply, done) => {
    if (!methodsWithBody.has(request.method)) return done();
    const bytes = requestBytes + announcedBytes(request);
    const refused = refusal(request) ?? (heldBytes + bytes > bytesMax ? tooMuch() : undefined);
    if (refused) return done(refused);
    hold(request, bytes);
    reply.raw.once('close', () => release(request));
    reply.raw.once('finish', () => release(request));
    done();
  });
  const meter = (request: FastifyRequest, _reply: FastifyReply, payload: RequestPayload, done: Done): void => {
    if (announcedBytes(request) > 0) {
      done(null, payload);
      return;
    }
    // The request itself must not be destroyed: its answer goes the same way.
    const unpacked: RequestPayload = payload === request.raw ? payload.pipe(new PassThrough()) : payload;
    let bytes = 0;
    unpacked.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      hold(request, chunk.length);
      // The route refuses what is too large by itself, and then nobody listens to the rest.
      if (bytes > limits.bodyBytesMax) setImmediate(() => (unpacked as PassThrough).destroy());
      else if (heldBytes > bytesMax) (unpacked as PassThrough).destroy(tooMuch());
    });
    done(null, unpacked);
  };
  app.addHook('onRoute', (route: RouteOptions) => {
    // Behind the hooks of the route's own plugin: what they unpack is what counts.
    if ([route.method].flat().some((method) => methodsWithBody.has(method)))
      route.preParsing = [...[route.preParsing ?? []].flat(), meter] as NonNullable<RouteOptions['preParsing']>;
  });
}

/** Zero when only reading it tells how large a body is. What announces too much is refused by its route. */
function announcedBytes({ headers }: FastifyRequest): number {
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') return 0;
  const bytes = Number(headers['content-length'] ?? 0);
  return bytes > limits.bodyBytesMax ? 0 : bytes;
}

function tooMuch(): SlicehouseError {
  const detail = 'More is being received than the server has room for. The request was not read; send it again.';
  return new SlicehouseError('overloaded', detail, { retryAfterSeconds: 1 });
}
