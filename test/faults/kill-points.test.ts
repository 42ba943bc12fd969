import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createRandom, seedOfRun } from './random.ts';
import { expectExactlyOnce } from './stored.ts';
import { CliProcess, startServer, temporaryFolder, untilLoaded } from './support.ts';
import { connections, Traffic } from './traffic.ts';

/** Every point of a segment file's life at which something could be lost or counted twice; see kill-at.mjs. */
const points = [
  'create: no record yet',
  'append: not begun',
  'append: half written',
  'append: written, not synced',
  'append: synced, not answered',
  'seal: not begun',
  'seal: half written',
  'seal: written, not synced',
  'seal: synced, not answered',
  'load: rows inserted',
  'load: not committed',
  'load: committed, not released',
  'archive: not renamed',
  'archive: renamed',
  'archive: segment file not deleted',
  'stop: amid the checkpoint',
] as const;

const rounds = process.env['SLICEHOUSE_LONG'] === '1' ? 10 : 1;
const lifeMsMax = 15_000;

/** One life of the server under load, which ends by itself at the point; where stopping is the point, it is stopped. */
async function liveUntil(point: string, nth: number, folder: string, traffic: Traffic): Promise<void> {
  const args = ['start', '--data-dir', folder, '--port', '0'];
  const settings = {
    KILL_AT: point,
    KILL_NTH: String(nth),
    SLICEHOUSE_KEEP_MEGABYTES: '1',
    SLICEHOUSE_LOG_LEVEL: 'warn',
  };
  const server = new CliProcess(args, settings, [process.execPath, resolve('test/faults/kill-at.mjs')]);
  const stop = new AbortController();
  // What the life before left to be loaded may bring this one to its point before it is ready.
  const url = await server.ready().catch(() => undefined);
  const load = [...connections(2, 1, 1), ...connections(1, 2, 60)];
  const posting = url === undefined ? undefined : traffic.run(url, load, stop.signal);
  if (point.startsWith('stop')) {
    await sleep(300);
    process.kill(server.pid, 'SIGTERM');
  }
  const end = await Promise.race([server.exited, sleep(lifeMsMax, 'is alive', { ref: false })]);
  stop.abort();
  await posting;
  expect(end, `killed at ${point}`).toEqual({ code: null, signal: 'SIGKILL' });
}

test(`killed ${rounds} times at each of ${points.length} points of a segment file’s life, it has every acknowledged order exactly once`, {
  timeout: rounds * points.length * 20_000,
}, async () => {
  const random = createRandom(seedOfRun());
  const folder = await temporaryFolder();
  const traffic = new Traffic(random);
  for (let round = 0; round < rounds; round += 1) {
    for (const point of points)
      await liveUntil(point, point.startsWith('stop') ? 1 : random.between(1, 4), folder, traffic);
  }
  const server = startServer(folder);
  const url = await server.ready();
  expect(await traffic.send(url, traffic.fresh(1), false)).toBe(202);
  await untilLoaded(url);
  expect(await server.kill('SIGTERM')).toEqual({ code: 0, signal: null });
  await expectExactlyOnce(folder, traffic);
  expect(traffic.acknowledged.size).toBeGreaterThan(points.length);
});
