import { afterAll } from 'vitest';
import { type House, openHouse } from '../../src/apps/house.ts';
import { readConfig } from '../../src/runtime/config.ts';
import { temporaryFolders } from './temporary-folders.ts';

/** An answer of the house, its body parsed when it is JSON. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly bytes: Buffer;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly json: any;
}

export interface Request {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
  readonly remoteAddress?: string;
}

/** Opens whole houses on new folders, quiet and quick to seal; they are closed when the calling test file ends. */
export function testHouses(): (settings?: Record<string, unknown>) => Promise<House> {
  const newFolder = temporaryFolders();
  const open: House[] = [];
  afterAll(async () => {
    for (const house of open) await house.close();
  });
  return async (settings = {}) => {
    const flags = { dataDir: newFolder(), logLevel: 'silent', sealAfterMs: 10, memoryMegabytes: 512, ...settings };
    const house = await openHouse(readConfig({ flags, environment: {}, file: undefined }));
    let closed: Promise<void> | undefined;
    const closable = {
      ...house,
      close: () => {
        closed ??= house.close();
        return closed;
      },
    };
    open.push(closable);
    return closable;
  };
}

/** Sends a request without a socket. */
export async function ask(house: House, url: string, request: Request = {}): Promise<Answer> {
  const { method = 'GET', headers = {}, body, remoteAddress } = request;
  const answer = await house.app.inject({
    method,
    url,
    headers,
    ...(body === undefined ? {} : { payload: body }),
    ...(remoteAddress === undefined ? {} : { remoteAddress }),
  });
  const isJson = /\/(problem\+)?json/.test(String(answer.headers['content-type']));
  return {
    status: answer.statusCode,
    headers: answer.headers,
    text: answer.body,
    bytes: answer.rawPayload,
    json: isJson ? JSON.parse(answer.body) : undefined,
  };
}

/** Posts one order (an object, or the text of a body) as JSON. */
export function post(house: House, order: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const body = typeof order === 'string' || Buffer.isBuffer(order) ? order : JSON.stringify(order);
  return ask(house, '/v1/orders', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
}

/** Posts lines of NDJSON. */
export function postLines(
  house: House,
  lines: readonly unknown[],
  headers: Record<string, string> = {},
): Promise<Answer> {
  const body = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
  return post(house, body, { 'content-type': 'application/x-ndjson', ...headers });
}

/** The rows of a report, once everything accepted so far is visible. */
// biome-ignore lint/suspicious/noExplicitAny: rows of every report
export async function rowsOf(house: House, report: string): Promise<any[]> {
  await house.settled();
  const answer = await ask(house, `/v1/reports/${report}`);
  if (answer.status !== 200) throw new Error(answer.text);
  return answer.json.rows;
}
