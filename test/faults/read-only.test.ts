import { expect, test } from 'vitest';
import { makeReadOnly, smallDisk } from './small-disk.ts';
import { startServer } from './support.ts';

test.for([
  ['new', async () => undefined],
  ['that was served before', servedOnce],
] as const)(
  'a read-only data folder, %s, is refused at start by name (needs the right to mount a tmpfs)',
  async ([, prepare], context) => {
    const folder = await smallDisk(48, context);
    await prepare(folder);
    makeReadOnly(folder);
    const server = startServer(folder);
    expect(await server.exited).toEqual({ code: 1, signal: null });
    expect(server.stderr).toContain(`The data folder ${folder} cannot be written`);
    expect(server.stderr).not.toMatch(/\n\s+at /);
  },
);

async function servedOnce(folder: string): Promise<void> {
  const server = startServer(folder);
  await server.ready();
  expect(await server.kill('SIGTERM')).toEqual({ code: 0, signal: null });
}
