import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface LoadAnswer {
  readonly status: number;
  /** Undefined when the server names none. */
  readonly retryAfterSeconds: number | undefined;
}

/**
 * One kept-alive HTTP/1.1 connection that posts JSON bodies one after the other. It knows no more of HTTP than a
 * load test needs (answers must carry Content-Length), and so takes a fraction of the time of a full client.
 */
export class LoadConnection {
  readonly #url: URL;
  readonly #head: string;
  #socket: Socket | undefined;
  #received = '';
  #answered: ((answer: LoadAnswer) => void) | undefined;
  #failed: ((error: Error) => void) | undefined;

  /** @param path where the orders go, such as `/v1/orders` */
  constructor(url: string, path: string, headers: Readonly<Record<string, string>>) {
    this.#url = new URL(url);
    const written = Object.entries({ host: this.#url.host, 'content-type': 'application/json', ...headers })
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('');
    this.#head = `POST ${this.#url.pathname.replace(/\/$/, '')}${path} HTTP/1.1\r\n${written}content-length: `;
  }

  /** Posts one body. Rejects when the connection fails before the answer is complete; the next post reconnects. */
  async post(body: string): Promise<LoadAnswer> {
    const socket = this.#socket ?? (await this.#connect());
    return new Promise((resolve, reject) => {
      this.#answered = resolve;
      this.#failed = reject;
      socket.write(`${this.#head}${Buffer.byteLength(body)}\r\n\r\n${body}`);
    });
  }

  close(): void {
    this.#socket?.destroy();
  }

  async #connect(): Promise<Socket> {
    const socket = connect({ host: this.#url.hostname, port: Number(this.#url.port || 80), noDelay: true });
    await once(socket, 'connect');
    socket.setEncoding('latin1');
    this.#received = '';
    socket.on('data', (text: string) => this.#read(text));
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(new Error('The server closed the connection.')));
    this.#socket = socket;
    return socket;
  }

  #fail(error: Error): void {
    this.#socket = undefined;
    this.#failed?.(error);
    this.#failed = undefined;
    this.#answered = undefined;
  }

  #read(text: string): void {
    this.#received += text;
    const headEnd = this.#received.indexOf('\r\n\r\n');
    if (headEnd < 0) return;
    const head = this.#received.slice(0, headEnd);
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    if (length === undefined) {
      this.#socket?.destroy(new Error('The answer has no Content-Length.'));
      return;
    }
    const end = headEnd + 4 + Number(length);
    if (this.#received.length < end) return;
    this.#received = this.#received.slice(end);
    const retryAfter = /\r\nretry-after: *(\d+)/i.exec(head)?.[1];
    const answered = this.#answered;
    this.#answered = undefined;
    this.#failed = undefined;
    answered?.({
      status: Number(head.slice(9, 12)),
      retryAfterSeconds: retryAfter === undefined ? undefined : Number(retryAfter),
    });
  }
}
