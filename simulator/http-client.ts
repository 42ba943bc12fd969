import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http';
import { Agent as SecureAgent, request as secureRequest } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';

export interface HttpRequest {
  readonly method: 'POST' | 'PUT';
  /** Below the server's address, with a slash in front. */
  readonly path: string;
  readonly contentType: 'application/json' | 'application/x-ndjson';
  readonly body: string | Buffer;
}

export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
  /** What the server asks for, or undefined. */
  readonly retryAfterMs: number | undefined;
}

export interface HttpClientOptions {
  /** The server's address, such as `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Sent with every request, such as the API key. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** How many requests may run at once; default 16. */
  readonly connections?: number;
  /** Told why a request has to be sent again, each time. */
  readonly onRetry?: ((reason: string) => void) | undefined;
}

/** The server said no in a way that trying again does not mend. */
export class RefusedError extends Error {
  readonly status: number;

  constructor(asked: HttpRequest, { status, body }: HttpAnswer) {
    super(`${asked.method} ${asked.path} was answered ${status}: ${body.slice(0, 500)}`);
    this.name = 'RefusedError';
    this.status = status;
  }
}

const answerMsMax = 60_000;
const backoffMsMin = 100;
const backoffMsMax = 5_000;

/** Talks HTTP with kept-alive connections, as patient as a till: what is not taken is sent again. */
export class HttpClient {
  readonly #url: URL;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #onRetry: (reason: string) => void;
  readonly #agent: Agent;
  readonly #request: typeof request;

  constructor({ url, headers = {}, connections = 16, onRetry = () => undefined }: HttpClientOptions) {
    this.#onRetry = onRetry;
    this.#url = new URL(url);
    this.#headers = headers;
    const secure = this.#url.protocol === 'https:';
    this.#request = secure ? secureRequest : request;
    const Pool = secure ? SecureAgent : Agent;
    this.#agent = new Pool({ keepAlive: true, maxSockets: connections });
  }

  /**
   * Sends once. Rejects when the connection fails, when no answer comes within a minute, and with an `AbortError`
   * when the signal says so.
   */
  send(asked: HttpRequest, signal?: AbortSignal): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      const call = this.#open(asked, signal);
      call.on('response', (response) => read(response).then(resolve, reject));
      call.on('timeout', () => call.destroy(new Error('The server did not answer in time.')));
      call.on('error', reject);
      call.end(asked.body);
    });
  }

  /** Sends, and goes away before the answer comes: what a till does when its patience ends. */
  sendAndHangUp(asked: HttpRequest, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const call = this.#open(asked, signal);
      call.on('error', () => undefined);
      call.on('close', () => resolve());
      call.on('finish', () => call.destroy());
      call.end(asked.body);
    });
  }

  /**
   * Sends until the server has taken a stand: waits and tries again while it cannot be reached, is busy (429, 503),
   * or fails (5xx). Rejects only when the signal says so.
   */
  async sendPatiently(asked: HttpRequest, signal?: AbortSignal): Promise<HttpAnswer> {
    for (let attempt = 0; ; attempt++) {
      const answer = await this.send(asked, signal).catch((error: Error) => error);
      signal?.throwIfAborted();
      if (!(answer instanceof Error) && answer.status < 500 && answer.status !== 429) return answer;
      const backoffMs = Math.min(backoffMsMax, backoffMsMin * 2 ** Math.min(attempt, 10)) * (0.5 + Math.random() / 2);
      this.#onRetry(answer instanceof Error ? answer.message || answer.name : `The server answered ${answer.status}.`);
      await sleep((answer instanceof Error ? undefined : answer.retryAfterMs) ?? backoffMs, undefined, { signal });
    }
  }

  /** Ends all connections. */
  close(): void {
    this.#agent.destroy();
  }

  #open({ method, path, contentType, body }: HttpRequest, signal?: AbortSignal): ClientRequest {
    return this.#request({
      method,
      host: this.#url.hostname.replace(/^\[|\]$/g, ''),
      port: this.#url.port,
      path: this.#url.pathname.replace(/\/$/, '') + path,
      agent: this.#agent,
      timeout: answerMsMax,
      headers: { ...this.#headers, 'content-type': contentType, 'content-length': Buffer.byteLength(body) },
      ...(signal ? { signal } : {}),
    });
  }
}

async function read(response: IncomingMessage): Promise<HttpAnswer> {
  let body = '';
  response.setEncoding('utf8');
  for await (const text of response) body += text;
  const seconds = Number(response.headers['retry-after'] ?? Number.NaN);
  return {
    status: response.statusCode ?? 0,
    body,
    retryAfterMs: Number.isFinite(seconds) ? Math.min(seconds * 1000, 60_000) : undefined,
  };
}
