import type { FastifyRequest } from 'fastify';
import type { Access } from '../../http/access.ts';
import type { App } from '../../http/create-app.ts';

export interface ResultCacheOptions {
  readonly access: Access;
  /** Grows whenever reports may answer something else. */
  readonly dataVersion: () => number;
  /** All kept answers together, in bytes. */
  readonly bytesMax: number;
}

interface KeptAnswer {
  readonly type: string;
  readonly body: string;
}

/**
 * Keeps the answers of reports for as long as the data stays the same, by caller and query: whoever may see other rows
 * never meets them. To be called before the routes are added; answers that are streamed are not kept.
 */
export function cacheResults(app: App, { access, dataVersion, bytesMax }: ResultCacheOptions): void {
  const kept = new BoundedCache(bytesMax);
  const asked = new WeakMap<FastifyRequest, string>();
  app.addHook('preHandler', async (request, reply) => {
    if (request.method !== 'GET' || !request.url.startsWith('/v1/reports/')) return undefined;
    const { role, source } = access.require(request, 'read');
    const query = Object.entries(request.query as object).sort(([a], [b]) => (a < b ? -1 : 1));
    const path = request.url.split('?')[0];
    const key = JSON.stringify([dataVersion(), role, source, path, query, request.headers.accept]);
    const found = kept.get(key);
    if (!found) {
      asked.set(request, key);
      return undefined;
    }
    return reply.header('slicehouse-cache', 'hit').type(found.type).send(found.body);
  });
  app.addHook('onSend', async (request, reply, body) => {
    const key = asked.get(request);
    if (key !== undefined && reply.statusCode === 200 && typeof body === 'string')
      kept.set(key, { type: String(reply.getHeader('content-type')), body });
    return body;
  });
}

/** Lets go of what was not asked for longest. */
class BoundedCache {
  readonly #bytesMax: number;
  readonly #answers = new Map<string, KeptAnswer>();
  #bytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  get(key: string): KeptAnswer | undefined {
    const answer = this.#answers.get(key);
    if (answer) {
      this.#answers.delete(key);
      this.#answers.set(key, answer);
    }
    return answer;
  }

  set(key: string, answer: KeptAnswer): void {
    this.#forget(key);
    this.#answers.set(key, answer);
    this.#bytes += sizeOf(key, answer);
    for (const oldest of this.#answers.keys()) {
      if (this.#bytes <= this.#bytesMax) return;
      this.#forget(oldest);
    }
  }

  #forget(key: string): void {
    const answer = this.#answers.get(key);
    if (!answer) return;
    this.#answers.delete(key);
    this.#bytes -= sizeOf(key, answer);
  }
}

/** A character takes two bytes of memory at the most. */
function sizeOf(key: string, { body }: KeptAnswer): number {
  return 2 * (key.length + body.length);
}
