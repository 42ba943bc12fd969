import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { ReadableStream } from 'node:stream/web';
import type { HTTPMethods } from 'fastify';
import type { Problem } from '../contract/answers.ts';
import type { Config } from '../runtime/config.ts';
import { announcedServer, dataFolder, type RunningServer } from './data-folder.ts';
import { type House, openHouse } from './house.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface Request {
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
}

/** How commands talk to a data folder: the same requests, whether its server runs or the command opens it itself. */
export interface Client {
  readonly server: RunningServer | undefined;
  send(method: HTTPMethods, path: string, request?: Request): Promise<Answer>;
  /**
   * Sends a request without a body whose answer is NDJSON that comes as work goes on, and tells of each line.
   *
   * @throws RequestError when the answer is a problem
   */
  lines(method: HTTPMethods, path: string, onLine: (line: unknown) => void): Promise<void>;
  /** Resolves when everything sent so far is visible (the command's own house only; a server goes on by itself). */
  close(): Promise<void>;
}

/** A command's request that was answered with a problem. */
export class RequestError extends Error {}

/** Connects to the server that runs on the data folder, or opens the folder. */
export async function connect(config: Config): Promise<Client> {
  const server = announcedServer(dataFolder(config.dataDir));
  if (server && (await answers(server))) return overHttp(server);
  return inProcess(await openHouse(config));
}

async function answers({ url }: RunningServer): Promise<boolean> {
  try {
    return (await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(5_000) })).ok;
  } catch {
    return false;
  }
}

function overHttp(server: RunningServer): Client {
  return {
    server,
    async send(method, path, { headers = {}, body } = {}) {
      const answer = await fetch(server.url + path, {
        method,
        headers: { ...headers, authorization: `Bearer ${server.token}` },
        ...(body === undefined ? {} : { body }),
      });
      return {
        status: answer.status,
        headers: Object.fromEntries(answer.headers),
        body: Buffer.from(await answer.arrayBuffer()),
      };
    },
    async lines(method, path, onLine) {
      const answer = await fetch(server.url + path, { method, headers: { authorization: `Bearer ${server.token}` } });
      if (!answer.ok || !answer.body) throw refusal(Buffer.from(await answer.arrayBuffer()));
      await eachLine(Readable.fromWeb(answer.body as ReadableStream), onLine);
    },
    close: async () => undefined,
  };
}

function inProcess(house: House): Client {
  return {
    server: undefined,
    async send(method, path, { headers = {}, body } = {}) {
      const answer = await house.app.inject({
        method: method as 'GET',
        url: path,
        headers: { ...headers, authorization: `Bearer ${house.localToken}` },
        ...(body === undefined ? {} : { payload: body }),
      });
      return { status: answer.statusCode, headers: answer.headers as Record<string, string>, body: answer.rawPayload };
    },
    async lines(method, path, onLine) {
      const answer = await house.app.inject({
        method: method as 'GET',
        url: path,
        headers: { authorization: `Bearer ${house.localToken}` },
        payloadAsStream: true,
      });
      if (answer.statusCode >= 400) throw refusal(await buffer(answer.stream()));
      await eachLine(answer.stream(), onLine);
    },
    close: () => house.close(),
  };
}

async function eachLine(stream: Readable, onLine: (line: unknown) => void): Promise<void> {
  for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line !== '') onLine(JSON.parse(line));
  }
}

function refusal(body: Buffer): RequestError {
  return new RequestError((JSON.parse(body.toString()) as Problem).detail);
}

/** The body of a successful answer; a problem becomes a RequestError that says what the server said. */
export function bodyOf(answer: Answer): Buffer {
  if (answer.status < 400) return answer.body;
  throw refusal(answer.body);
}
