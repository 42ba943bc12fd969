import type { Server } from 'node:http';
import type { Socket } from 'node:net';

const sweepMs = 50;

/**
 * Lets a server close as soon as its last answer is sent. By itself it waits a minute for connections that have
 * not sent a request yet (browsers open some in advance) and for those that stay open after an answer.
 *
 * @returns what ends the idle connections from then on; to be called when closing begins
 */
export function trackIdleConnections(server: Server): () => void {
  const silent = new Set<Socket>();
  server.on('connection', (socket) => {
    silent.add(socket);
    socket.once('close', () => silent.delete(socket));
  });
  server.on('request', ({ socket }) => silent.delete(socket));
  return () => {
    if (!server.listening) return;
    const sweep = setInterval(() => {
      for (const socket of silent) socket.destroy();
      server.closeIdleConnections();
    }, sweepMs);
    server.once('close', () => clearInterval(sweep));
  };
}
