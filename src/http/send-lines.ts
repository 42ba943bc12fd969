import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';

/**
 * Answers with NDJSON whose lines come as work goes on. The work is given a way to write lines and a signal that tells
 * when nobody reads them any more.
 */
export function sendLines(
  reply: FastifyReply,
  work: (write: (line: object) => void, gone: AbortSignal) => Promise<void>,
): FastifyReply {
  const lines = new Readable({ read: () => undefined });
  const gone = new AbortController();
  reply.raw.on('close', () => gone.abort());
  const write = (line: object): void => {
    if (!gone.signal.aborted) lines.push(`${JSON.stringify(line)}\n`);
  };
  work(write, gone.signal).then(
    () => lines.push(null),
    (error: Error) => lines.destroy(error),
  );
  return reply.type('application/x-ndjson').header('cache-control', 'no-store').send(lines);
}
