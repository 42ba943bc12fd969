import { appendFile, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createRandom, seedOfRun } from './random.ts';
import { expectExactlyOnce } from './stored.ts';
import { startServer, temporaryFolder, untilLoaded } from './support.ts';
import { Traffic } from './traffic.ts';

const random = createRandom(seedOfRun());

/** What a crash or a power cut can leave behind the last synced byte, given a record that lies before it. */
const tails: readonly [string, (record: string) => string | Buffer][] = [
  ['half a record', (record) => record.slice(0, random.between(1, record.length - 2))],
  ['a record without its line break', (record) => record.slice(0, -1).replace('"f-', '"x-')],
  ['a whole record, then half of one', (record) => `${broken(record)}${record.slice(0, 40)}`],
  ['half a seal', () => '{"c":"0a1b2c3d","s":{"rec'],
  ['the seal of another file', () => '{"c":"0a1b2c3d","s":{"records":3}}\n'],
  ['zeros, as after a lost sync', () => Buffer.alloc(5_000)],
  ['any bytes, line breaks among them', () => Buffer.from(Array.from({ length: 4_000 }, () => random.between(0, 255)))],
];

/** A record whose bytes do not fit its checksum: the disk wrote the later page first. */
function broken(record: string): string {
  return record.replace('"placed"', '"\0\0\0\0\0\0"');
}

test.each(tails)('%s behind the last record is cut, and nothing before it', async (_name, tail) => {
  const folder = await temporaryFolder();
  const traffic = new Traffic(random);
  const server = startServer(folder, { SLICEHOUSE_SEAL_AFTER_MS: '60000' });
  const url = await server.ready();
  for (const numbers of [[1], [2], traffic.fresh(200).slice(2)]) {
    expect(await traffic.send(url, numbers, numbers.length > 1)).toBe(202);
  }
  await server.kill('SIGKILL');

  const segments = join(folder, 'segments');
  const [open = '', ...others] = await readdir(segments);
  expect(others).toEqual([]);
  const [first = ''] = (await readFile(join(segments, open), 'utf8')).split('\n');
  await appendFile(join(segments, open), tail(`${first}\n`));

  const again = startServer(folder);
  await untilLoaded(await again.ready());
  expect(await again.kill('SIGTERM')).toEqual({ code: 0, signal: null });
  expect(again.output).toContain('recovered a segment file');
  await expectExactlyOnce(folder, traffic);
  expect((await readdir(segments)).filter((name) => !name.endsWith('.ndjson'))).toEqual([]);
});
