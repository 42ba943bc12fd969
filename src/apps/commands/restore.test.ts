import { join } from 'node:path';
import { Command } from 'commander';
import { expect, it, vi } from 'vitest';
import { ask, postLines, rowsOf, testHouses } from '../../../test/support/houses.ts';
import { anOrder, aPizza } from '../../../test/support/orders.ts';
import { temporaryFolders } from '../../../test/support/temporary-folders.ts';
import { catalogue } from '../../reports/catalogue.ts';
import type { House } from '../house.ts';
import { backupCommand } from './backup.ts';
import { restoreCommand } from './restore.ts';

const openHouse = testHouses();
const newFolder = temporaryFolders();

async function run(...words: string[]): Promise<void> {
  const program = new Command('slicehouse').exitOverride();
  backupCommand(program);
  restoreCommand(program);
  const spies = [process.stdout, process.stderr].map((stream) => vi.spyOn(stream, 'write').mockReturnValue(true));
  try {
    await program.parseAsync(['node', 'slicehouse', ...words]);
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

const allReports = async (house: House): Promise<unknown[]> => {
  const reports: unknown[] = [];
  for (const { name } of catalogue) reports.push(await rowsOf(house, name));
  return reports;
};

it('what is restored from a backup gives every report as it was', async () => {
  const house = await openHouse();
  const order = (id: number, changes = {}) =>
    anOrder({
      order_id: `A-${id}`,
      customer_id: `c-${id % 5}`,
      store_id: `s-${id % 3}`,
      lines: [aPizza({ quantity: 1 + (id % 4) })],
      ...changes,
    });
  await ask(house, '/v1/reference/stores', {
    method: 'PUT',
    headers: { 'content-type': 'application/x-ndjson' },
    body: '{"store_id":"s-0","state":"TX"}\n{"store_id":"s-1","state":"NY"}',
  });
  await postLines(
    house,
    Array.from({ length: 40 }, (_, id) => order(id)),
  );
  await house.settled();
  await house.archiveAll();
  await postLines(house, [order(1), order(2, { revision: 2 }), order(3, { status: 'voided' }), '{"order_id":']);
  await ask(house, '/v1/reference/stores', {
    method: 'PUT',
    headers: { 'content-type': 'application/x-ndjson' },
    body: '{"store_id":"s-0","state":"CA","valid_from":"2026-01-01T00:00:00Z"}',
  });
  const before = await allReports(house);
  await house.close();
  const [backup, restored] = [join(newFolder(), 'backup'), join(newFolder(), 'restored')];
  await run('backup', backup, '--data-dir', house.config.dataDir);
  await run('restore', backup, '--data-dir', restored);
  const after = await openHouse({ dataDir: restored });
  expect(await allReports(after)).toEqual(before);
  expect((await ask(after, '/v1/quarantine')).json.total).toBe(1);
});
