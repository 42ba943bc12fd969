import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { ask, post, postLines, testHouses } from '../../../test/support/houses.ts';
import { anOrder, aPizza } from '../../../test/support/orders.ts';
import { readManifests } from '../../archive/manifest.ts';
import { archiveFolder } from '../data-folder.ts';
import { archivedRecords } from './archived-records.ts';
import { planExport } from './plan-export.ts';

const openHouse = testHouses();

it('are the same after archiving as they were in their segment files, member by member and in their order', async () => {
  const house = await openHouse();
  await post(house, anOrder({ order_id: 'whole', customer_id: 'c-1', discount_cents: 333 }));
  await postLines(house, [
    anOrder({
      order_id: 'ünï – "quoted"\n\t\\',
      ordered_at: '2026-01-01T00:30:00+09:00',
      lines: [
        aPizza({ toppings: [{ name: 'mushroom', portion: 'left', amount: 'extra' }] }),
        { kind: 'side', quantity: 3, unit_price_cents: 1 },
      ],
    }),
    anOrder({ order_id: 'none', revision: 7, status: 'voided', deliver_to: undefined }),
    '{"order_id": 1',
    '[]',
    Buffer.from('"a text"').toString(),
    anOrder({ order_id: 'whole', customer_id: 'c-1', discount_cents: 333 }),
  ]);
  await house.settled();
  const { quarantine } = (await ask(house, '/v1/quarantine')).json;
  const [replayed, dropped] = quarantine.map(({ id }: { id: string }) => id);
  const body = JSON.stringify(anOrder({ order_id: 'mended' }));
  const headers = { 'content-type': 'application/json' };
  expect((await ask(house, `/v1/quarantine/${replayed}/replay`, { method: 'POST', headers, body })).status).toBe(202);
  expect((await ask(house, `/v1/quarantine/${dropped}`, { method: 'DELETE' })).status).toBe(202);
  await house.settled();

  const { parts } = await planExport(house.folder.path);
  const before = parts.flatMap((part) => (part.from === 'segment' ? recordsIn(part.file.path) : []));
  expect(new Set(before.map(({ type }) => type))).toEqual(new Set(['order', 'reject', 'drop']));
  expect(before).toHaveLength(9);
  await house.archiveAll();
  const archive = archiveFolder(house.folder);
  const after: unknown[] = [];
  let place = 0;
  for (const manifest of await readManifests(archive)) {
    for await (const { segment, position, record } of archivedRecords(archive, manifest)) {
      after.push(JSON.parse(record.toString()));
      expect(segment * 1_000 + position).toBeGreaterThan(place);
      place = segment * 1_000 + position;
    }
  }
  expect(after).toEqual(before);
});

it('of a file that was changed are not read', async () => {
  const house = await openHouse();
  await post(house, anOrder());
  await house.settled();
  await house.archiveAll();
  const archive = archiveFolder(house.folder);
  const [manifest] = await readManifests(archive);
  if (!manifest) throw new Error('Nothing was archived.');
  const changed = { ...manifest, files: manifest.files.map((file) => ({ ...file, sha256: '0'.repeat(64) })) };
  const first = manifest.files[0]?.path ?? '';
  await expect(archivedRecords(archive, changed).next()).rejects.toThrow(`${join(archive, dirname(first))}`);
});

function recordsIn(path: string): { type: string }[] {
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line).r).filter((record) => record !== undefined);
}
