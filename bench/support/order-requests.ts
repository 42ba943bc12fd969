import { gzipSync } from 'node:zlib';
import { numberOrder, orderTemplates } from './order-templates.ts';

/** How orders are posted: one a request, or 1,000 a request as NDJSON. */
export type PostingKind = 'single' | 'ndjson' | 'gzip';

/** Orders in one batch. */
export const batchOrders = 1_000;

/**
 * Whole HTTP requests, ready to be written to a socket. No order_id comes twice. `next` gives the next request of
 * a connection, undefined when there are no more; a request's bytes may change once it is answered.
 */
export interface Requests {
  readonly ordersEach: number;
  next(connection: number): Buffer | undefined;
}

/** The orders that requests are made of, numbered onwards from one maker to the next. */
export class RequestMaker {
  readonly #templates = orderTemplates(4_096);
  #number = 1_000_000_000;

  /** @param gzipBatches so many batches are packed before the first is sent, since packing takes time */
  make(kind: PostingKind, host: string, connections: number, gzipBatches: number): Requests {
    if (kind === 'single') return this.#singles(host, connections);
    return kind === 'ndjson' ? this.#batches(host, connections) : this.#packed(host, gzipBatches);
  }

  /** Each connection numbers its own copies of some orders again and again. */
  #singles(host: string, connections: number): Requests {
    const perConnection = Math.floor(this.#templates.length / connections);
    const own = Array.from({ length: connections }, (_, connection) =>
      this.#templates.slice(connection * perConnection, (connection + 1) * perConnection).map((template) => {
        const head = headOf(host, 'application/json', template.length);
        return { bytes: Buffer.concat([head, template]), bodyAt: head.length };
      }),
    );
    return {
      ordersEach: 1,
      next: (connection) => {
        const ring = own[connection] ?? [];
        const { bytes, bodyAt } = ring[this.#number % ring.length] ?? { bytes: Buffer.alloc(0), bodyAt: 0 };
        numberOrder(bytes, bodyAt, this.#next());
        return bytes;
      },
    };
  }

  #batches(host: string, connections: number): Requests {
    const own = Array.from({ length: connections }, (_, connection) => {
      const { body, starts } = this.#batchBody(connection);
      const head = headOf(host, 'application/x-ndjson', body.length);
      return { bytes: Buffer.concat([head, body]), starts: starts.map((start) => head.length + start) };
    });
    return {
      ordersEach: batchOrders,
      next: (connection) => {
        const batch = own[connection];
        for (const start of batch?.starts ?? []) numberOrder(batch?.bytes ?? Buffer.alloc(0), start, this.#next());
        return batch?.bytes;
      },
    };
  }

  #packed(host: string, batches: number): Requests {
    const packed = Array.from({ length: batches }, (_, index) => {
      const { body, starts } = this.#batchBody(index);
      for (const start of starts) numberOrder(body, start, this.#next());
      const bytes = gzipSync(body, { level: 1 });
      return Buffer.concat([headOf(host, 'application/x-ndjson', bytes.length, 'content-encoding: gzip\r\n'), bytes]);
    });
    let sent = 0;
    return {
      ordersEach: batchOrders,
      next: () => {
        const request = packed[sent];
        sent += 1;
        return request;
      },
    };
  }

  #batchBody(index: number): { body: Buffer; starts: number[] } {
    const slices = Math.floor(this.#templates.length / batchOrders);
    const from = (index % slices) * batchOrders;
    const lines = this.#templates.slice(from, from + batchOrders).map((line) => Buffer.concat([line, newline]));
    let at = 0;
    const starts = lines.map((line) => {
      at += line.length;
      return at - line.length;
    });
    return { body: Buffer.concat(lines), starts };
  }

  #next(): number {
    this.#number += 1;
    return this.#number;
  }
}

const newline = Buffer.from('\n');

function headOf(host: string, contentType: string, length: number, more = ''): Buffer {
  return Buffer.from(
    `POST /v1/orders HTTP/1.1\r\nhost: ${host}\r\ncontent-type: ${contentType}\r\n${more}content-length: ${length}\r\n\r\n`,
  );
}
