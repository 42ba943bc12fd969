// What the ingest scenario compares with: Node's HTTP server doing the least that an answer takes.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { answerJobs } from './helper-process.ts';

/** Serve, answering with these texts: as long as the product's. */
export interface BareServerJob {
  readonly answerToOne: string;
  readonly answerToBatch: string;
}

/** Reads the whole body, parses it, answers 202. Nothing is checked, nothing is kept. */
function take(request: IncomingMessage, response: ServerResponse, job: BareServerJob): void {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    const [first] = parts;
    const body = parts.length === 1 && first ? first : Buffer.concat(parts);
    const batch = request.headers['content-type'] === 'application/x-ndjson';
    if (batch) parseLines(request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body);
    else JSON.parse(body.toString());
    const answer = batch ? job.answerToBatch : job.answerToOne;
    response.writeHead(202, { 'content-type': 'application/json; charset=utf-8', 'content-length': answer.length });
    response.end(answer);
  });
}

function parseLines(body: Buffer): void {
  for (const line of body.toString().split('\n')) if (line !== '') JSON.parse(line);
}

async function serve(job: BareServerJob): Promise<string> {
  const server = createServer((request, response) => take(request, response, job));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

answerJobs(serve);
