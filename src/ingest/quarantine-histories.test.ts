import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Answer, ask, post, testHouses } from '../../test/support/houses.ts';
import { anOrder } from '../../test/support/orders.ts';
import { runs } from '../../test/support/property.ts';
import { temporaryFolders } from '../../test/support/temporary-folders.ts';
import type { House } from '../apps/house.ts';
import { DuckdbWarehouse } from '../warehouse/duckdb/duckdb-warehouse.ts';
import { quarantineId } from './order-identity.ts';

const newHouse = testHouses();
const newFolder = temporaryFolders();

const recordsMax = 5;
const number = fc.nat(recordsMax - 1);
const order = fc.record({ order_id: fc.constantFrom('A', 'B', 'C'), revision: fc.constantFrom(1, 2) });
type Wire = typeof order extends fc.Arbitrary<infer T> ? T : never;

/** Even records are wrong as they are, odd ones are right: they lie there for a reason that has gone. */
const bytesOf = (record: number): Buffer => {
  const kept = anOrder({ order_id: `kept-${record}` });
  return Buffer.from(JSON.stringify(record % 2 === 0 ? { ...kept, channel: 'drone' } : kept));
};
const idOf = (record: number): string => quarantineId('default', null, bytesOf(record));

const action = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('reject' as const), record: number }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('replay' as const), record: number }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('correct' as const), record: number, order }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('drop' as const), record: number }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('send' as const), order }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('replay all' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('drop all' as const), code: fc.constantFrom('odd', 'other') }),
  },
);
type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;

/** Actions of one step are done at once; then, perhaps, everything is loaded, or the house is closed and opened. */
const step = fc.record({
  actions: fc.array(action, { minLength: 1, maxLength: 6 }),
  afterwards: fc.constantFrom('go on', 'settle', 'settle', 'reopen'),
});

/** What the answers say has been done. */
class Expected {
  readonly arrivals = new Map<string, number>();
  readonly replayed = new Map<string, string>();
  readonly dropped = new Set<string>();
  readonly sent: string[] = [];
  bulkReplayed = 0;
  bulkDropped = 0;
}

const json = { 'content-type': 'application/json' };

async function act(house: House, one: Action, expected: Expected): Promise<void> {
  if (one.kind === 'reject') return reject(house, one.record, expected);
  if (one.kind === 'send') {
    const answer = await post(house, anOrder(one.order));
    expect(answer.status).toBe(202);
    expected.sent.push(one.order.order_id);
    return;
  }
  if (one.kind === 'replay all' || one.kind === 'drop all') {
    const [path, body] = one.kind === 'replay all' ? ['replay', { all: true }] : ['drop', { code: one.code }];
    const answer = await ask(house, `/v1/quarantine/${path}`, {
      method: 'POST',
      headers: json,
      body: JSON.stringify(body),
    });
    expect(answer.status).toBe(202);
    expected.bulkReplayed += answer.json.replayed ?? 0;
    expected.bulkDropped += answer.json.dropped ?? 0;
    return;
  }
  await takeOut(house, one, expected);
}

async function reject(house: House, record: number, { arrivals }: Expected): Promise<void> {
  const id = idOf(record);
  arrivals.set(id, (arrivals.get(id) ?? 0) + 1);
  if (record % 2 === 0) {
    expect((await post(house, bytesOf(record))).status).toBe(422);
    return;
  }
  const kept = { origin: null, code: 'odd', reason: 'Odd.', bytes_base64: bytesOf(record).toString('base64') };
  const body = JSON.stringify({ source: 'default', rejects: [kept] });
  expect((await ask(house, '/v1/quarantine', { method: 'POST', headers: json, body })).status).toBe(202);
}

async function takeOut(
  house: House,
  one: Action & { record: number; order?: Wire },
  { replayed, dropped }: Expected,
): Promise<void> {
  const id = idOf(one.record);
  const answer: Answer =
    one.kind === 'drop'
      ? await ask(house, `/v1/quarantine/${id}`, { method: 'DELETE' })
      : await ask(house, `/v1/quarantine/${id}/replay`, {
          method: 'POST',
          ...(one.order ? { headers: json, body: JSON.stringify(anOrder(one.order)) } : {}),
        });
  if (answer.status !== 202) {
    const stillWrong = one.kind === 'replay' && one.record % 2 === 0;
    expect(stillWrong ? [404, 409, 422] : [404, 409]).toContain(answer.status);
    return;
  }
  expect(replayed.has(id) || dropped.has(id), 'taken out twice').toBe(false);
  if (one.kind === 'drop') dropped.add(id);
  else replayed.set(id, one.order?.order_id ?? `kept-${one.record}`);
}

/** Compares the tables of a closed house with what the answers said. */
async function compare(folder: string, expected: Expected): Promise<void> {
  const path = join(folder, 'warehouse.duckdb');
  const warehouse = await DuckdbWarehouse.open({ path, folder, memoryLimitMb: 512 });
  try {
    const read = (sql: string) => warehouse.query(sql);
    const kept = await read('SELECT quarantine_id AS id, status, arrivals FROM quarantine');
    const arrivals = Object.fromEntries(kept.map((row) => [String(row['id']), row['arrivals']]));
    expect(arrivals).toEqual(Object.fromEntries(expected.arrivals));
    const withStatus = (status: string): string[] =>
      kept.filter((row) => row['status'] === status).map((row) => String(row['id']));
    expect(withStatus('replayed')).toEqual(expect.arrayContaining([...expected.replayed.keys()]));
    expect(withStatus('replayed')).toHaveLength(expected.replayed.size + expected.bulkReplayed);
    expect(withStatus('dropped')).toEqual(expect.arrayContaining([...expected.dropped]));
    expect(withStatus('dropped')).toHaveLength(expected.dropped.size + expected.bulkDropped);

    const inBulk = withStatus('replayed').filter((id) => !expected.replayed.has(id));
    const kinds = Array.from({ length: recordsMax }, (_, record) => record);
    const ofBulk = kinds.filter((record) => inBulk.includes(idOf(record))).map((record) => `kept-${record}`);
    const orders = new Set([...expected.sent, ...expected.replayed.values(), ...ofBulk]);
    const heads = await read('SELECT order_id FROM order_head ORDER BY order_id');
    expect(heads.map((row) => row['order_id'])).toEqual([...orders].sort());

    const [past] = await read('SELECT COUNT(*) AS records FROM past_record');
    const orderRecords = expected.sent.length + withStatus('replayed').length;
    expect(heads.length + Number(past?.['records'])).toBe(orderRecords);
    const parts = 'loaded + duplicates + superseded + quarantined';
    expect(await read(`SELECT * FROM load_ledger WHERE records <> ${parts} + dropped`)).toEqual([]);
    expect(await read(`SELECT * FROM book WHERE received <> ${parts}`)).toEqual([]);
    const [book] = await read('SELECT CAST(COALESCE(SUM(received), 0) AS BIGINT) AS received FROM book');
    const rejects = [...expected.arrivals.values()].reduce((sum, count) => sum + count, 0);
    expect(book?.['received']).toBe(orderRecords + rejects);
  } finally {
    await warehouse.close();
  }
}

describe('any history of rejects, replays, corrections, drops and orders', () => {
  it('leaves every record in exactly one place, and books that balance', { timeout: 600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
        const dataDir = newFolder();
        const expected = new Expected();
        let house = await newHouse({ dataDir });
        for (const { actions, afterwards } of steps) {
          await Promise.all(actions.map((one) => act(house, one, expected)));
          if (afterwards === 'settle') await house.settled();
          if (afterwards !== 'reopen') continue;
          await house.close();
          house = await newHouse({ dataDir });
        }
        await house.close();
        await compare(dataDir, expected);
      }),
      runs(15, 300),
    );
  });
});
