import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import type { Verification } from '../../src/contract/verification.ts';
import { createRandom, seedOfRun } from './random.ts';
import { expectExactlyOnce } from './stored.ts';
import { CliProcess, getJson, startServer, temporaryFolder, untilLoaded } from './support.ts';
import { Traffic } from './traffic.ts';

interface Quarantine {
  readonly quarantine: readonly { readonly id: string; readonly code: string; readonly origin: string }[];
}

/** Leaves a sealed segment file that is not loaded, and gives its path. */
async function leaveSealed(folder: string, traffic: Traffic): Promise<string> {
  const args = ['start', '--data-dir', folder, '--port', '0'];
  const settings = { KILL_AT: 'load: not committed', KILL_NTH: '1' };
  const server = new CliProcess(args, settings, [process.execPath, resolve('test/faults/kill-at.mjs')]);
  expect(await traffic.send(await server.ready(), traffic.fresh(50), true)).toBe(202);
  expect(await server.exited).toEqual({ code: null, signal: 'SIGKILL' });
  const segments = join(folder, 'segments');
  const [name = '', ...others] = await readdir(segments);
  expect(others).toEqual([]);
  return join(segments, name);
}

test('a flipped bit in a sealed segment file costs that record only, which lies in quarantine with its exact bytes', async () => {
  const random = createRandom(seedOfRun());
  const folder = await temporaryFolder();
  const traffic = new Traffic(random);
  const path = await leaveSealed(folder, traffic);
  const bytes = await readFile(path);
  const lines = bytes.toString('latin1').split('\n');
  const hit = random.between(0, 49);
  const offset = lines.slice(0, hit).reduce((sum, line) => sum + line.length + 1, 0);
  const length = lines[hit]?.length ?? 0;
  const at = offset + random.between(0, length - 1);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << random.between(0, 7));
  await writeFile(path, bytes);

  const server = startServer(folder, { SLICEHOUSE_LOG_LEVEL: 'warn' });
  const url = await server.ready();
  await untilLoaded(url);
  const { quarantine } = await getJson<Quarantine>(`${url}/v1/quarantine`);
  const [name] = path.split('/').slice(-1);
  const origin = `${name}, record ${hit + 1}, offset ${offset}`;
  expect(quarantine).toMatchObject([{ code: 'damaged_record', origin }]);
  const record = await getJson<{ bytes_base64: string }>(`${url}/v1/quarantine/${quarantine[0]?.id}`);
  expect(Buffer.from(record.bytes_base64, 'base64')).toEqual(bytes.subarray(offset, offset + length));
  expect(await server.kill('SIGTERM')).toEqual({ code: 0, signal: null });
  expect(server.stderr).toContain(`"record":${hit + 1},"offset":${offset}`);
  expect(await readFile(`${path}.damaged`)).toEqual(bytes);
  await expectExactlyOnce(folder, traffic, new Set([hit + 1]));

  const verify = new CliProcess(['verify', '--json', '--data-dir', folder]);
  expect(await verify.exited).toEqual({ code: 0, signal: null });
  const { ok, notes } = JSON.parse(verify.stdout) as Verification;
  expect({ ok, notes }).toEqual({
    ok: true,
    notes: [expect.stringContaining(`segments/${name}.damaged is segment file`)],
  });
});
