import type { Socket } from 'node:net';
import { SlicehouseError } from '../contract/errors.ts';
import type { App } from './create-app.ts';

/** File handles that connections leave to the files of this process. */
const handlesForFiles = 96;
/** The last of the connections get an answer that says so; any beyond are closed without. */
const refusedShare = 0.1;

/**
 * Keeps connections from taking the file handles that orders are stored and loaded with. Requests on connections
 * beyond nine tenths of those that may be are answered `overloaded`.
 *
 * @param handles how many files and sockets this process may have open; undefined when nobody says
 */
export function limitConnections(app: App, handles: number | undefined): void {
  if (handles === undefined) return;
  const { server } = app;
  server.maxConnections = Math.max(16, handles - handlesForFiles);
  const welcome = Math.floor(server.maxConnections * (1 - refusedShare));
  const tooMany = new WeakSet<Socket>();
  let open = 0;
  server.on('connection', (socket) => {
    open += 1;
    if (open > welcome) tooMany.add(socket);
    socket.once('close', () => {
      open -= 1;
    });
  });
  app.addHook('onRequest', (request, reply, done) => {
    if (!tooMany.has(request.raw.socket)) return done();
    reply.header('connection', 'close');
    const detail = `More than ${welcome} connections are open. Close those that are not needed, or allow this process more open files.`;
    done(new SlicehouseError('overloaded', detail, { retryAfterSeconds: 5 }));
  });
}
