import { execFileSync, spawnSync } from 'node:child_process';
import { rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { createRandom, seedOfRun } from './random.ts';
import { expectExactlyOnce } from './stored.ts';
import { getJson, startServer, temporaryFolder, untilLoaded } from './support.ts';
import { Traffic } from './traffic.ts';

/** Mounts a small file system in memory on a folder; undefined when this user may not. */
async function smallDisk(mebibytes: number): Promise<string | undefined> {
  const folder = await temporaryFolder();
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', folder]);
  if (mounted.status !== 0) return undefined;
  onTestFinished(() => void execFileSync('umount', ['--lazy', folder]));
  return folder;
}

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/** Takes the room of a disk but for so many bytes; removing the file gives it back. */
async function fill(folder: string, leaveBytes: number): Promise<string> {
  const filler = join(folder, 'filler');
  await writeFile(filler, Buffer.alloc(Math.max(0, (await freeBytes(folder)) - leaveBytes)));
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

async function untilTaken(url: string, traffic: Traffic, withinMs: number): Promise<void> {
  const end = performance.now() + withinMs;
  while ((await traffic.send(url, traffic.fresh(1), false)) !== 202) {
    if (performance.now() > end) throw new Error(`No order was taken within ${withinMs} ms.`);
    await sleep(100);
  }
}

test('a full disk is said with 503 and costs no acknowledged order; with room again, taking goes on (needs the right to mount a tmpfs)', async (context) => {
  const folder = await smallDisk(48);
  if (folder === undefined && process.env['CI'] !== 'true') context.skip('may not mount a tmpfs');
  if (folder === undefined) throw new Error('This test mounts a tmpfs, and this user may not.');
  const traffic = new Traffic(createRandom(seedOfRun()));
  // Without kept segment files, whatever the warehouse lost after a failed commit would stay lost.
  const settings = { SLICEHOUSE_LOG_LEVEL: 'fatal', SLICEHOUSE_KEEP_MEGABYTES: '0' };
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
