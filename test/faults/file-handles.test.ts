import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { createRandom, seedOfRun } from './random.ts';
import { expectExactlyOnce } from './stored.ts';
import { built, CliProcess, temporaryFolder, untilLoaded } from './support.ts';
import { Traffic } from './traffic.ts';

/** Enough to load the program, which opens its files all at once. */
const handles = 512;
/** As many connections as are refused with an answer, and not without; see `limitConnections`. */
const crowd = 395;

/** Opens connections that say nothing. */
async function openIdle(url: string, count: number): Promise<Socket[]> {
  const { hostname, port } = new URL(url);
  const sockets = Array.from({ length: count }, () => connect(Number(port), hostname));
  onTestFinished(() => closeAll(sockets));
  for (const socket of sockets) socket.on('error', () => undefined);
  await Promise.all(sockets.map((socket) => Promise.race([once(socket, 'connect'), once(socket, 'close')])));
  return sockets;
}

function closeAll(sockets: readonly Socket[]): void {
  for (const socket of sockets) socket.destroy();
}

test('connections that use up the file handles are refused with Retry-After, and orders are still stored and loaded', async () => {
  const folder = await temporaryFolder();
  const traffic = new Traffic(createRandom(seedOfRun()));
  const limited = ['/bin/sh', '-c', `ulimit -n ${handles}; exec "$0" "$@"`, ...built] as const;
  const args = ['start', '--data-dir', folder, '--port', '0'];
  const server = new CliProcess(args, { SLICEHOUSE_LOG_LEVEL: 'warn' }, limited);
  const url = await server.ready();
  expect(await traffic.send(url, traffic.fresh(100), true)).toBe(202);

  // The connection of the posts above stays open meanwhile; those of the refused ones do not.
  const idle = await openIdle(url, crowd);
  const others = Array.from({ length: 8 }, () => traffic.send(url, traffic.fresh(1), false));
  const statuses = await Promise.all(others);
  expect(statuses.filter((status) => status === 503).length).toBeGreaterThan(0);
  expect(traffic.refusals[0]).toMatchObject({ status: 503, code: 'overloaded', retryAfterSeconds: 5 });
  const flood = await openIdle(url, handles);
  await sleep(300);
  for (let post = 0; post < 5; post += 1) await traffic.send(url, traffic.fresh(20), true);

  closeAll([...idle, ...flood]);
  await sleep(200);
  expect(await traffic.send(url, traffic.fresh(20), true)).toBe(202);
  await untilLoaded(url);
  expect(await server.kill('SIGTERM')).toEqual({ code: 0, signal: null });
  expect(server.stderr).not.toContain('load failed');
  await expectExactlyOnce(folder, traffic);
});
