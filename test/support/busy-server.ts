import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * A server that refuses the first uploads it gets with 503, amid their bytes, breaks off its first answers to
 * downloads, and passes everything else on.
 */
export interface BusyServer {
  readonly address: string;
  /** Uploads and downloads so far. */
  failed(): { readonly uploads: number; readonly downloads: number };
  stop(): Promise<void>;
}

const failures = 2;

/** Starts one in front of another server. */
export async function startBusyServer(behind: string): Promise<BusyServer> {
  const failed = { uploads: 0, downloads: 0 };
  const server = createServer((asked, answer) => {
    if (asked.method === 'PUT' && failed.uploads < failures) {
      failed.uploads += 1;
      asked.resume();
      answer
        .writeHead(503)
        .end('<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>');
      return;
    }
    const { method = 'GET', headers, url = '/' } = asked;
    const passed = request(new URL(url, behind), { method, headers }, (given) => {
      answer.writeHead(given.statusCode ?? 502, given.headers);
      if (method === 'GET' && failed.downloads < failures) {
        failed.downloads += 1;
        given.once('data', (chunk: Buffer) => answer.write(chunk.subarray(0, 10), () => answer.destroy()));
      } else given.pipe(answer);
    });
    asked.pipe(passed);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    failed: () => failed,
    stop: () => new Promise((stopped) => void server.close(() => stopped()).closeAllConnections()),
  };
}
