import { isIP } from 'node:net';
import { announceServer, withdrawServer } from './data-folder.ts';
import type { House } from './house.ts';

/** A mistake in how a command was called. */
export class UsageError extends Error {}

/**
 * Listens, and tells the commands of this data folder where.
 *
 * @returns the address
 * @throws UsageError when the address is not loopback and there are no keys
 */
export async function listen(house: House): Promise<string> {
  const { host, port } = house.config;
  if (!isLoopback(host) && house.keys.list().length === 0) {
    throw new UsageError(
      `Listening on ${host} would let everybody on the network in, and there are no keys yet.\nMake one first: slicehouse keys create --source pos --role ingest --data-dir ${house.config.dataDir}`,
    );
  }
  try {
    const listening = await house.app.listen({ host, port });
    const url = `http://${host.includes(':') ? `[${host}]` : host}:${new URL(listening).port || '80'}`;
    await house.startRefreshing();
    announceServer(house.folder, { pid: process.pid, url, token: house.localToken });
    return url;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new UsageError(`Port ${port} on ${host} is taken. Choose another with --port, or --port 0 for a free one.`, {
      cause: error,
    });
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

const drainMs = 10_000;
/** Of these, what clients get to finish: one that stalls must not keep the last orders from being loaded. */
const clientsMs = 3_000;

/**
 * Resolves when a signal asks the process to stop. Called before the process says that it is ready: whoever reads
 * that may ask at once.
 */
export function stopAsked(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
}

/**
 * Resolves when the process was asked to stop, and everything accepted is on disk and visible. A second
 * signal, or ten seconds, end it at once: what is accepted is safe on disk and is loaded at the next start.
 */
export async function untilStopped(
  house: House,
  asked: Promise<void>,
  beforeClose: () => Promise<void> = async () => undefined,
): Promise<void> {
  await asked;
  process.on('SIGINT', () => process.exit(1));
  process.stderr.write('\nStopping: the last orders are being loaded.\n');
  const timer = setTimeout(() => {
    process.stderr.write('Not everything was loaded in ten seconds; it is on disk and is loaded at the next start.\n');
    process.exit(0);
  }, drainMs);
  await beforeClose();
  withdrawServer(house.folder);
  const patience = setTimeout(() => house.app.server.closeAllConnections(), clientsMs);
  await house.close();
  clearTimeout(patience);
  clearTimeout(timer);
}
