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
    close: () => house.close(),
  };
}

/** The body of a successful answer; a problem becomes a RequestError that says what the server said. */
export function bodyOf(answer: Answer): Buffer {
  if (answer.status < 400) return answer.body;
  const problem = JSON.parse(answer.body.toString()) as Problem;
  throw new RequestError(problem.detail);
}
