import type { ServerResponse } from 'node:http';
import type { VisibleEvent } from '../contract/answers.ts';
import { SlicehouseError } from '../contract/errors.ts';

const listenersMax = 500;
const heartbeatMs = 15_000;
/** A listener that reads so slowly that this much waits for it is let go; it will connect again. */
const waitingBytesMax = 256 * 1024;

/** Server-sent events to everybody who listens. */
export class Events {
  readonly #listeners = new Set<ServerResponse>();
  readonly #heartbeat: NodeJS.Timeout;

  constructor() {
    this.#heartbeat = setInterval(() => this.#send(': still here\n\n'), heartbeatMs);
    this.#heartbeat.unref();
  }

  /** @throws SlicehouseError `overloaded` when too many listen already */
  listen(response: ServerResponse, hello: VisibleEvent): void {
    if (this.#listeners.size >= listenersMax) {
      throw new SlicehouseError('overloaded', 'Too many pages are listening already; try again in a minute.', {
        retryAfterSeconds: 60,
      });
    }
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-accel-buffering': 'no',
    });
    response.write(`retry: 2000\n${message('hello', hello)}`);
    this.#listeners.add(response);
    response.on('close', () => this.#listeners.delete(response));
  }

  visible(event: VisibleEvent): void {
    this.#send(message('visible', event));
  }

  /** A refresh has ended. */
  refreshed(result: object): void {
    this.#send(message('refreshed', result));
  }

  close(): void {
    clearInterval(this.#heartbeat);
    for (const response of this.#listeners) response.end();
    this.#listeners.clear();
  }

  #send(text: string): void {
    for (const response of this.#listeners) {
      if (response.writableLength > waitingBytesMax) response.destroy();
      else response.write(text);
    }
  }
}

function message(name: string, data: object): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
