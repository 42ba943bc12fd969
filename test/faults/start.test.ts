import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { orderOf } from './orders.ts';
import { CliProcess, startServer, temporaryFolder } from './support.ts';

function post(url: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${url}/v1/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(orderOf(1)),
  });
}

test('a second process on the same data folder is refused and told who has it', async () => {
  const folder = await temporaryFolder();
  const first = startServer(folder);
  const url = await first.ready();
  const second = startServer(folder);
  expect(await second.exited).toEqual({ code: 1, signal: null });
  expect(second.stderr).toContain(String(first.pid));
  expect(second.stderr).toContain(url);
  expect(second.stderr).toContain(folder);
  expect((await post(url)).status).toBe(202);
});

test('two processes that start together on a new data folder: one serves it, the other says that it is in use', async () => {
  const folder = await temporaryFolder();
  const both = [startServer(folder), startServer(folder)];
  const loser = await Promise.race(both.map(async (one) => ({ one, exit: await one.exited })));
  expect(loser.exit).toEqual({ code: 1, signal: null });
  expect(loser.one.stderr).toContain('in use');
  const winner = both.find((one) => one !== loser.one);
  expect((await post((await winner?.ready()) ?? '')).status).toBe(202);
});

test('a folder whose server was killed opens again', async () => {
  const folder = await temporaryFolder();
  const first = startServer(folder);
  await first.ready();
  await first.kill('SIGKILL');
  expect((await post(await startServer(folder).ready())).status).toBe(202);
});

test('a port that is taken is named, with what to do', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void other.close());
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const server = new CliProcess(['start', '--data-dir', await temporaryFolder(), '--port', String(port)]);
  expect(await server.exited).toEqual({ code: 2, signal: null });
  expect(server.stderr).toContain(`Port ${port}`);
  expect(server.stderr).toContain('--port');
});

test('beyond loopback it does not start without keys; with one it asks for it', async () => {
  const folder = await temporaryFolder();
  const args = ['start', '--data-dir', folder, '--host', '0.0.0.0', '--port', '0'];
  const open = new CliProcess(args);
  expect(await open.exited).toEqual({ code: 2, signal: null });
  expect(open.stderr).toContain('slicehouse keys create');

  const keys = new CliProcess(['keys', 'create', '--source', 'till', '--role', 'ingest', '--data-dir', folder]);
  expect(await keys.exited).toEqual({ code: 0, signal: null });
  const key = keys.stdout.trim();
  const server = new CliProcess(args);
  const url = (await server.ready()).replace('0.0.0.0', '127.0.0.1');
  const [without, wrong, right] = [
    await post(url),
    await post(url, { authorization: `Bearer ${key}x` }),
    await post(url, { authorization: `Bearer ${key}` }),
  ];
  expect([without.status, wrong.status, right.status]).toEqual([401, 401, 202]);
  expect(await without.json()).toMatchObject({ code: 'unauthorized' });
});

test('wrong settings are all named, wherever they stand', async () => {
  const folder = await temporaryFolder();
  const config = join(folder, 'slicehouse.yaml');
  await writeFile(config, 'sealAfterMs: 5\ncolour: red\n');
  const server = new CliProcess(['start', '--data-dir', folder, '--port', '65536', '--config', config], {
    SLICEHOUSE_LOG_LEVEL: 'loud',
    SLICEHOUSE_MEMORY_MEGABYTES: '-1',
  });
  expect(await server.exited).toEqual({ code: 2, signal: null });
  for (const mistake of ['--port', 'sealAfterMs', "'colour'", 'SLICEHOUSE_LOG_LEVEL', 'SLICEHOUSE_MEMORY_MEGABYTES']) {
    expect(server.stderr).toContain(mistake);
  }
  expect(server.stderr).toContain('65535');
});

test.each([
  ['an unknown command', ['bake']],
  ['an unknown option', ['start', '--pineapple']],
  ['a config file that is not there', ['start', '--config', '/nowhere/slicehouse.yaml']],
])('%s is wrong usage', async (_name, args) => {
  const cli = new CliProcess(args);
  expect(await cli.exited).toEqual({ code: 2, signal: null });
  expect(cli.stderr).not.toBe('');
  expect(cli.stderr).not.toMatch(/\n\s+at /);
});
