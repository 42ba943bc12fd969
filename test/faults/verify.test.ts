import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Verification } from '../../src/contract/verification.ts';
import { createRandom, seedOfRun } from './random.ts';
import { CliProcess, startServer, temporaryFolder, untilLoaded } from './support.ts';
import { connections, Traffic } from './traffic.ts';

const kills = process.env['SLICEHOUSE_LONG'] === '1' ? 20 : 4;
const load = [...connections(2, 1, 1), ...connections(2, 2, 60)];
/** Little is kept, so that much is archived. */
const settings = { SLICEHOUSE_KEEP_MEGABYTES: '1', SLICEHOUSE_SEAL_AFTER_MS: '50', SLICEHOUSE_LOG_LEVEL: 'fatal' };

async function verify(folder: string): Promise<{ readonly code: number | null; readonly result: Verification }> {
  const command = new CliProcess(['verify', '--json', '--data-dir', folder], { SLICEHOUSE_LOG_LEVEL: 'fatal' });
  const { code } = await command.exited;
  if (code === 2 || command.stdout === '') throw new Error(command.output);
  return { code, result: JSON.parse(command.stdout) as Verification };
}

test(`verify proves the books of a process under load that was killed with -9 ${kills} times`, {
  timeout: kills * 30_000 + 60_000,
}, async () => {
  const random = createRandom(seedOfRun());
  const folder = await temporaryFolder();
  const traffic = new Traffic(random);
  for (let cycle = 0; cycle < kills; cycle += 1) {
    const server = startServer(folder, settings);
    const stop = new AbortController();
    const posting = traffic.run(await server.ready(), load, stop.signal);
    await sleep(random.between(100, 800));
    const { code, result } = await verify(folder);
    expect(result.problems).toEqual([]);
    expect({ code, ok: result.ok }).toEqual({ code: 0, ok: true });
    await server.kill('SIGKILL');
    stop.abort();
    await posting;
  }
  const server = startServer(folder, settings);
  const url = await server.ready();
  await traffic.send(url, traffic.fresh(1), false);
  await untilLoaded(url);
  const { code, result } = await verify(folder);
  expect(result.problems).toEqual([]);
  expect({ code, ok: result.ok, unproven: result.checked.unproven_segments }).toEqual({
    code: 0,
    ok: true,
    unproven: 0,
  });
  const sum = (name: 'received' | 'loaded' | 'duplicates'): number =>
    result.days.reduce((total, day) => total + day[name], 0);
  expect(sum('received')).toBeGreaterThanOrEqual(traffic.acknowledgedRecords);
  expect(sum('received')).toBeLessThanOrEqual(traffic.sentRecords);
  expect(sum('loaded') + sum('duplicates')).toBe(sum('received'));
  await server.kill('SIGTERM');
  expect((await verify(folder)).code).toBe(0);
});

test('verify names a flipped bit of a loaded segment file and exits 1, through the server and without it', async () => {
  const folder = await temporaryFolder();
  const traffic = new Traffic(createRandom(seedOfRun()));
  const server = startServer(folder, { SLICEHOUSE_LOG_LEVEL: 'fatal' });
  const url = await server.ready();
  await traffic.send(url, traffic.fresh(20), true);
  await untilLoaded(url);
  const segments = join(folder, 'segments');
  const name = readdirSync(segments).find((file) => file.endsWith('.ndjson')) ?? '';
  const bytes = readFileSync(join(segments, name));
  bytes[300] = (bytes[300] ?? 0) ^ 4;
  writeFileSync(join(segments, name), bytes);
  const expected = { code: 'file_damaged', where: expect.stringContaining(name) };
  const live = await verify(folder);
  expect(live).toMatchObject({ code: 1, result: { ok: false, problems: [expected] } });
  await server.kill('SIGTERM');
  expect(await verify(folder)).toMatchObject({
    code: 1,
    result: { problems: expect.arrayContaining([expect.objectContaining(expected)]) },
  });
});
