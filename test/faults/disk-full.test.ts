import { rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createRandom, seedOfRun } from './random.ts';
import { smallDisk } from './small-disk.ts';
import { expectExactlyOnce } from './stored.ts';
import { getJson, startServer, untilLoaded } from './support.ts';
import { Traffic } from './traffic.ts';

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/** Takes the room of a disk but for so many bytes; removing the file gives it back. */
async function fill(folder: string, leaveBytes: number): Promise<string> {
  const filler = join(folder, 'filler');
  const bytes = Buffer.alloc(Math.max(0, (await freeBytes(folder)) - leaveBytes));
  // The server writes too, and may take the last of the room first.
  await writeFile(filler, bytes).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOSPC') throw error;
  });
  return filler;
}

/** Batches until one no longer fits, then single orders into what room is left. */
async function postUntilFull(url: string, traffic: Traffic): Promise<void> {
  for (const count of [50, 1]) {
    let posts = 0;
    while ((await traffic.send(url, traffic.fresh(count), count > 1)) === 202) {
      posts += 1;
      if (posts === 5_000) throw new Error('The disk did not fill up.');
    }
  }
}

async function untilRefused(url: string, traffic: Traffic, withinMs: number): Promise<void> {
  const end = performance.now() + withinMs;
  while ((await traffic.send(url, traffic.fresh(1), false)) === 202) {
    if (performance.now() > end) throw new Error(`Orders were taken for ${withinMs} ms more.`);
    await sleep(50);
  }
}

async function untilTaken(url: string, traffic: Traffic, withinMs: number): Promise<void> {
  const end = performance.now() + withinMs;
  while ((await traffic.send(url, traffic.fresh(1), false)) !== 202) {
    if (performance.now() > end) throw new Error(`No order was taken within ${withinMs} ms.`);
    await sleep(100);
  }
}

test('a full disk is said with 503 and costs no acknowledged order; with room again, taking goes on (needs the right to mount a tmpfs)', async (context) => {
  const folder = await smallDisk(48, context);
  const traffic = new Traffic(createRandom(seedOfRun()));
  // Few segment files are kept: most of what the warehouse lost after a failed commit would stay lost.
  const settings = { SLICEHOUSE_LOG_LEVEL: 'fatal', SLICEHOUSE_RESERVE_MEGABYTES: '0', SLICEHOUSE_KEEP_MEGABYTES: '1' };
  let server = startServer(folder, settings);
  let url = await server.ready();
  for (let batch = 0; batch < 5; batch += 1) expect(await traffic.send(url, traffic.fresh(500), true)).toBe(202);
  await untilLoaded(url);

  for (const leaveBytes of [2_000_000, 200_000, 0]) {
    const filler = await fill(folder, leaveBytes);
    await postUntilFull(url, traffic);
    const answer = await getJson<{ rows: unknown[] }>(`${url}/v1/reports/top-combinations`);
    expect(answer.rows).toHaveLength(3);
    // Long enough for loads to fail as well.
    await sleep(1_500);
    await rm(filler);
    await untilTaken(url, traffic, 10_000);
    await untilLoaded(url, 30_000);
    await server.kill('SIGKILL');
    server = startServer(folder, settings);
    url = await server.ready();
  }
  expect(new Set(traffic.refusals.map(({ status, code }) => `${status} ${code}`))).toEqual(
    new Set(['503 storage_full']),
  );
  expect(Math.min(...traffic.refusals.map((refusal) => refusal.retryAfterSeconds))).toBeGreaterThan(0);
  await untilLoaded(url);
  expect(await server.kill('SIGTERM')).toEqual({ code: 0, signal: null });
  await expectExactlyOnce(folder, traffic);
});

test('a disk that fills up is said while there is still room to load what is accepted, and not before it has to be (needs the right to mount a tmpfs)', async (context) => {
  const folder = await smallDisk(160, context);
  const traffic = new Traffic(createRandom(seedOfRun()));
  const server = startServer(folder, { SLICEHOUSE_LOG_LEVEL: 'warn', SLICEHOUSE_RESERVE_MEGABYTES: '64' });
  const url = await server.ready();
  expect(await traffic.send(url, traffic.fresh(500), true)).toBe(202);
  expect((await fetch(`${url}/readyz`)).status).toBe(200);

  const filler = await fill(folder, 60 * 1024 * 1024);
  await untilRefused(url, traffic, 3_000);
  expect(traffic.refusals.at(-1)).toEqual({ status: 503, code: 'storage_full', retryAfterSeconds: 10 });
  const readiness = await fetch(`${url}/readyz`);
  expect([readiness.status, readiness.headers.get('retry-after')]).toEqual([503, '10']);
  expect(await (await fetch(`${url}/metrics`)).text()).toContain('slicehouse_refusing_storage_full 1');
  await untilLoaded(url);

  await rm(filler);
  await untilTaken(url, traffic, 5_000);
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  await untilLoaded(url);
  expect(await server.kill('SIGTERM')).toEqual({ code: 0, signal: null });
  expect(server.stderr).toContain('orders are refused');
  expect(server.stderr).toContain('orders are taken again');
  expect(server.stderr).not.toContain('load failed');
  await expectExactlyOnce(folder, traffic);
});
