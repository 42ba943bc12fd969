import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { createRandom, seedOfRun } from './random.ts';
import { expectExactlyOnce } from './stored.ts';
import { startServer, temporaryFolder, untilLoaded } from './support.ts';
import { connections, Traffic } from './traffic.ts';

const stopMsMax = 10_000;
const load = [...connections(6, 1, 1), ...connections(2, 100, 1_000)];

test('SIGTERM under load ends with code 0 within ten seconds, and no 202 is a lie', async () => {
  const random = createRandom(seedOfRun());
  const folder = await temporaryFolder();
  const traffic = new Traffic(random);
  for (let round = 0; round < 3; round += 1) {
    const server = startServer(folder);
    const stop = new AbortController();
    const posting = traffic.run(await server.ready(), load, stop.signal);
    await sleep(random.between(200, 1_500));
    const askedAt = performance.now();
    expect(await server.kill('SIGTERM')).toEqual({ code: 0, signal: null });
    expect(performance.now() - askedAt).toBeLessThan(stopMsMax);
    stop.abort();
    await posting;
  }
  const refusals = new Set(traffic.refusals.map(({ status, code }) => `${status} ${code}`));
  expect([...refusals].filter((refusal) => refusal !== '503 stopping')).toEqual([]);

  const server = startServer(folder);
  await untilLoaded(await server.ready());
  await server.kill('SIGTERM');
  await expectExactlyOnce(folder, traffic);
});

test('an idle server with a listener to its events stops at once', async () => {
  const server = startServer(await temporaryFolder());
  const events = await fetch(`${await server.ready()}/v1/events`);
  expect(events.status).toBe(200);
  const askedAt = performance.now();
  expect(await server.kill('SIGTERM')).toEqual({ code: 0, signal: null });
  expect(performance.now() - askedAt).toBeLessThan(3_000);
  await events.body?.cancel().catch(() => undefined);
});

/** A client that sends this much and then neither sends nor reads. */
async function stall(url: string, start: string): Promise<void> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => undefined);
  socket.pause();
  await once(socket, 'connect');
  socket.write(start);
}

test('clients that stall, sending or reading, do not keep the last orders from being loaded', async () => {
  const folder = await temporaryFolder();
  const traffic = new Traffic(createRandom(seedOfRun()));
  const server = startServer(folder, { SLICEHOUSE_SEAL_AFTER_MS: '60000' });
  const url = await server.ready();
  expect(await traffic.send(url, traffic.fresh(20), true)).toBe(202);
  const head = 'host: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n';
  await stall(url, `POST /v1/orders HTTP/1.1\r\n${head}{"order_id":`);
  await stall(url, 'GET /openapi.json HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n'.repeat(400));
  await sleep(200);
  const askedAt = performance.now();
  expect(await server.kill('SIGTERM')).toEqual({ code: 0, signal: null });
  expect(performance.now() - askedAt).toBeLessThan(stopMsMax - 2_000);
  expect(server.stderr).not.toContain('Not everything');
  await expectExactlyOnce(folder, traffic);
});
