import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DeliveredOrder } from '../../src/contract/delivered-order.ts';
import type { Order } from '../../src/contract/order.ts';
import { catalogue } from '../../src/reports/catalogue.ts';
import { delivered } from '../support/orders.ts';
import { runs } from '../support/property.ts';
import { type Known, summaryOf, topCombinationsOf } from './model.ts';
import type { WarehouseBench } from './warehouse-bench.ts';

/** The stores and customers of every history; `s-new` and `c-new` stay unknown. */
const known: Known = {
  stores: [
    { store_id: 's-tx', state: 'TX' },
    { store_id: 's-ca', state: 'CA', time_zone: 'America/Los_Angeles', closeout_hour: 0 },
  ],
  customers: [{ customer_id: 'c-tx', home: { state: 'TX' } }, { customer_id: 'c-none' }],
};

const line = fc.record(
  {
    kind: fc.constantFrom('pizza', 'pizza', 'pizza', 'side'),
    toppings: fc.constantFrom<string[]>(['ham'], ['Ham'], ['ham', 'onions'], []),
    quantity: fc.integer({ min: 1, max: 3 }),
    unit_price_cents: fc.integer({ min: 0, max: 2000 }),
  },
  { noNullPrototype: true },
);

const content = fc.record(
  {
    status: fc.constantFrom('placed', 'placed', 'placed', 'voided'),
    store_id: fc.constantFrom('s-tx', 's-ca', 's-new'),
    customer_id: fc.constantFrom('c-tx', 'c-none', 'c-new'),
    deliver_to: fc.constantFrom({ state: 'TX' }, { state: 'ny' }, { city: 'Paris' }),
    // Around midnight and closeout, in winter and over the hour that is skipped in March.
    hours: fc.oneof(fc.integer({ min: 0, max: 48 }), fc.integer({ min: 800, max: 848 })),
    channel: fc.constantFrom('delivery', 'carryout'),
    discount_cents: fc.integer({ min: 0, max: 3000 }),
    lines: fc.array(line, { minLength: 1, maxLength: 3 }),
  },
  { requiredKeys: ['status', 'store_id', 'hours', 'channel', 'lines'], noNullPrototype: true },
);

/** What happens when a load ends a history's step: besides a plain load, everything that may go wrong or around it. */
const turns = ['loads again', 'fails first', 'reopens', 'compacts'] as const;
type Turn = 'loads' | (typeof turns)[number];

const ordersMax = 6;
const revisionsMax = 3;
const orderIndex = fc.nat({ max: ordersMax - 1 });
const history = fc.record({
  /** What order i has as its revision r. */
  contents: fc.array(fc.array(content, { minLength: revisionsMax, maxLength: revisionsMax }), {
    minLength: ordersMax,
    maxLength: ordersMax,
  }),
  /** What arrives, in order; then the segment file may end there, and the load too. */
  arrivals: fc.array(
    fc.record({
      order: orderIndex,
      revision: fc.nat({ max: revisionsMax - 1 }),
      afterwards: fc.constantFrom('goes on', 'goes on', 'goes on', 'seals', 'loads', ...turns),
    }),
    { maxLength: 30 },
  ),
  /** When the stores and customers become known: before the load with this number. */
  knownBefore: fc.nat({ max: 5 }),
});

type History = typeof history extends fc.Arbitrary<infer Value> ? Value : never;

const orderOf = ({ contents }: History, order: number, revision: number): Order => {
  const { hours = 0, ...rest } = contents[order]?.[revision] ?? {};
  const ordered_at = new Date(Date.UTC(2026, 1, 8) + hours * 3_600_000).toISOString().replace('Z', '+00:00');
  return { ...rest, order_id: `A-${order}`, revision: revision + 1, ordered_at } as Order;
};

interface Load {
  readonly lists: Order[][];
  turn: Turn;
}

/** Loads the history the way it arrived. */
async function play(bench: WarehouseBench, past: History): Promise<void> {
  const loads: Load[] = [{ lists: [[]], turn: 'loads' }];
  for (const { order, revision, afterwards } of past.arrivals) {
    const current = loads.at(-1);
    current?.lists.at(-1)?.push(orderOf(past, order, revision));
    if (afterwards === 'goes on' || !current) continue;
    if (afterwards === 'seals') current.lists.push([]);
    else {
      current.turn = afterwards;
      loads.push({ lists: [[]], turn: 'loads' });
    }
  }
  for (const [index, { lists, turn }] of loads.entries()) {
    if (index === past.knownBefore) await tell(bench);
    const filled = lists.filter((list) => list.length > 0).map((list) => list.map((order) => delivered(order)));
    if (filled.length > 0) await load(bench, filled, turn);
  }
  if (past.knownBefore >= loads.length) await tell(bench);
}

async function load(bench: WarehouseBench, lists: DeliveredOrder[][], turn: Turn): Promise<void> {
  const segments = await Promise.all(lists.map((records) => bench.segment(records)));
  if (turn === 'fails first') {
    const lost = await bench.lostSegment(lists[0] ?? []);
    await expect(bench.warehouse.load([...segments, lost])).rejects.toThrow();
  }
  await bench.warehouse.load(segments);
  if (turn === 'loads again') await bench.warehouse.load(segments);
  if (turn === 'reopens') await bench.reopen();
  if (turn === 'compacts') await bench.warehouse.compact({ looseShareMin: 0 });
}

async function tell(bench: WarehouseBench): Promise<void> {
  await bench.putStores(...known.stores);
  await bench.putCustomers(...known.customers);
}

/** The highest revision of each order that ever arrived. */
const finalOrders = (past: History): Order[] =>
  Array.from({ length: ordersMax }, (_, order) => {
    const revisions = past.arrivals.filter((arrival) => arrival.order === order).map((arrival) => arrival.revision);
    return revisions.length === 0 ? [] : [orderOf(past, order, Math.max(...revisions))];
  }).flat();

/** Any history of posts, duplicates, revisions and voids gives the rows that its final orders alone give. */
export function testHistories(newBench: () => Promise<WarehouseBench>, everyday = 40): void {
  describe('gives the same rows for every history', () => {
    it('as its final orders alone', { timeout: 3_600_000 }, async () => {
      await fc.assert(
        fc.asyncProperty(history, async (past) => {
          const [bench, plain] = [await newBench(), await newBench()];
          try {
            await play(bench, past);
            const orders = finalOrders(past);
            await plain.load(orders.map((order) => delivered(order)));
            await tell(plain);
            for (const { name } of catalogue) expect(await bench.report(name)).toEqual(await plain.report(name));
            for (const state of ['TX', 'unresolved', undefined]) {
              const written: Record<string, string> = state === undefined ? {} : { state };
              expect(await bench.summary(written)).toEqual(summaryOf(orders, known, state));
              expect(await bench.report('top-combinations', { ...written, limit: '10' })).toEqual(
                topCombinationsOf(orders, known, state),
              );
            }
          } finally {
            await bench.close();
            await plain.close();
          }
        }),
        runs(everyday, everyday * 250),
      );
    });
  });
}
