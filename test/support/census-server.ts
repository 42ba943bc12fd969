import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach } from 'vitest';

/** What the stand-in of the Census API answers, by the parameters of the request. */
export type CensusHandler = (query: URLSearchParams, response: ServerResponse, request: IncomingMessage) => void;

/** Starts stand-ins of the Census API on this machine that end with the test; resolves with their address. */
export function censusServers(): (handler: CensusHandler) => Promise<string> {
  const open: (() => Promise<void>)[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((close) => close()));
  });
  return async (handler) => {
    const server = createServer((request, response) =>
      handler(new URL(request.url ?? '/', 'http://census').searchParams, response, request),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    open.push(async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
}

/** Answers with a table as the API writes it: an array of arrays, a row a line, every value a string or null. */
export function sendTable(response: ServerResponse, rows: readonly (readonly (string | null)[])[]): void {
  response.writeHead(200, { 'content-type': 'application/json;charset=utf-8' });
  response.end(`[${rows.map((row) => JSON.stringify(row)).join(',\n')}]`);
}
