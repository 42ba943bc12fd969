import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

const headEndMark = Buffer.from('\r\n\r\n');
const nothing = Buffer.alloc(0);

/** Told of every answer. Returns the next request, or undefined to stop. */
type OnAnswer = (status: number) => Buffer | undefined;

/**
 * Posts ready-made requests over one kept-alive connection, one at a time, for as long as it is given more. It
 * reads of an answer what it must, status and length, and so leaves the processor to the server.
 */
export async function postOver(url: URL, first: Buffer, onAnswer: OnAnswer): Promise<void> {
  const socket = connect({ host: url.hostname, port: Number(url.port), noDelay: true });
  await once(socket, 'connect');
  try {
    await exchange(socket, first, onAnswer);
  } finally {
    socket.destroy();
  }
}

function exchange(socket: Socket, first: Buffer, onAnswer: OnAnswer): Promise<void> {
  return new Promise((resolve, reject) => {
    let received: Buffer = nothing;
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('The server closed the connection.')));
    socket.on('data', (chunk: Buffer) => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
      if (!isWhole(received)) return;
      const next = onAnswer(Number(received.toString('latin1', 9, 12)));
      received = nothing;
      if (next === undefined) resolve();
      else socket.write(next);
    });
    socket.write(first);
  });
}

/** @throws Error when the answer does not say how long it is */
function isWhole(received: Buffer): boolean {
  const headEnd = received.indexOf(headEndMark);
  if (headEnd < 0) return false;
  const length = /content-length: *(\d+)/i.exec(received.toString('latin1', 0, headEnd))?.[1];
  if (length === undefined) throw new Error('An answer without Content-Length cannot be measured.');
  return received.length >= headEnd + headEndMark.length + Number(length);
}
