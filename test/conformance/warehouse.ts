import { afterEach, describe, expect, it } from 'vitest';
import type { LoadResult } from '../../src/warehouse/warehouse.ts';
import { anOrder, aPizza, delivered } from '../support/orders.ts';
import { temporaryFolders } from '../support/temporary-folders.ts';
import { type OpenWarehouse, type SegmentPlace, WarehouseBench } from './warehouse-bench.ts';
import { testBooks } from './warehouse-books.ts';
import { testCensus } from './warehouse-census.ts';
import { testHistories } from './warehouse-histories.ts';
import { testPlaces } from './warehouse-places.ts';
import { testQueries } from './warehouse-queries.ts';

/** What differs from warehouse to warehouse; a warehouse on one machine needs none of it. */
export interface WarehouseSetting {
  /** Where its segments lie; files unless told. */
  readonly segments?: SegmentPlace;
  /** How many random histories it is tried with in the everyday suite. */
  readonly histories?: number;
}

/** What every warehouse promises: the same orders give the same rows, whatever the engine. */
export function testWarehouse(name: string, open: OpenWarehouse, setting: WarehouseSetting = {}): void {
  describe(`the warehouse ${name}`, () => {
    const newFolder = temporaryFolders();
    const benches: WarehouseBench[] = [];
    const newBench = async (): Promise<WarehouseBench> => {
      const bench = await new WarehouseBench(open, newFolder(), setting.segments).open();
      benches.push(bench);
      return bench;
    };
    afterEach(async () => {
      for (const bench of benches.splice(0)) await bench.close();
    });
    testCounting(newBench);
    testRevisions(newBench);
    testBooks(newBench);
    testPlaces(newBench);
    testCensus(newBench);
    testQueries(newBench);
    testHistories(newBench, setting.histories);
  });
}

type NewBench = () => Promise<WarehouseBench>;

const first = delivered(anOrder({ order_id: 'A-1' }));
const second = delivered(anOrder({ order_id: 'A-2' }));
const outcomes = ({ entries }: LoadResult): number[][] =>
  entries.map((entry) => [entry.loaded, entry.duplicates, entry.superseded, entry.quarantined]);

function testCounting(newBench: NewBench): void {
  describe('counts an order once', () => {
    it('when it comes twice in one segment file', async () => {
      const bench = await newBench();
      expect(outcomes(await bench.load([first, second, first]))).toEqual([[2, 1, 0, 0]]);
      expect(await bench.summary()).toMatchObject({ orders: 2, pizzas: 2, revenue_cents: 2000 });
    });

    it('when it comes in two segment files of one load', async () => {
      const bench = await newBench();
      const result = await bench.load([first], [first, second]);
      expect(outcomes(result).sort()).toEqual([
        [1, 0, 0, 0],
        [1, 1, 0, 0],
      ]);
      expect(await bench.summary()).toMatchObject({ orders: 2 });
    });

    it('when it comes in a later load, and after the warehouse is opened anew', async () => {
      const bench = await newBench();
      await bench.load([first]);
      expect(outcomes(await bench.load([first]))).toEqual([[0, 1, 0, 0]]);
      await bench.reopen();
      expect(outcomes(await bench.load([first, second]))).toEqual([[1, 1, 0, 0]]);
      expect(await bench.summary()).toMatchObject({ orders: 2 });
    });

    it('when its segment file is loaded again, which changes nothing at all', async () => {
      const bench = await newBench();
      const segment = await bench.segment([first, second]);
      await bench.warehouse.load([segment]);
      const before = bench.warehouse.status();
      expect(await bench.warehouse.load([segment])).toMatchObject({ entries: [], acceptedAtMs: [] });
      expect(bench.warehouse.status()).toEqual(before);
      await bench.reopen();
      expect((await bench.warehouse.load([segment])).entries).toEqual([]);
      expect(await bench.summary()).toMatchObject({ orders: 2 });
    });

    it('and takes the same order_id of two sources for two orders', async () => {
      const bench = await newBench();
      await bench.load([delivered(anOrder(), 'till'), delivered(anOrder(), 'web')]);
      expect(await bench.summary()).toMatchObject({ orders: 2 });
    });
  });

  describe('keeps books', () => {
    const reject = {
      type: 'reject',
      quarantine_id: 'q-1',
      source: 'default',
      code: 'malformed_json',
      reason: 'The text is not valid JSON.',
      origin: null,
      bytes: Buffer.from('{').toString('base64'),
      accepted_at_ms: Date.UTC(2026, 1, 9),
    } as const;

    it('in which received = loaded + duplicates + superseded + quarantined', async () => {
      const bench = await newBench();
      const amended = delivered(anOrder({ order_id: 'A-1', revision: 2 }));
      await bench.load([first, amended, first, second, reject]);
      await bench.load([second, reject, first]);
      const ledger = await bench.warehouse.query('SELECT * FROM load_ledger ORDER BY segment');
      expect(ledger).toMatchObject([
        { records: 5, loaded: 3, duplicates: 0, superseded: 1, quarantined: 1, replaced: 1 },
        { records: 3, loaded: 0, duplicates: 1, superseded: 1, quarantined: 1, replaced: 0 },
      ]);
    });

    it('in which a record that is rejected twice lies in quarantine once', async () => {
      const bench = await newBench();
      await bench.load([reject, reject], [reject]);
      await bench.load([reject, { ...reject, quarantine_id: 'q-2' }]);
      const quarantine = await bench.warehouse.query(
        'SELECT quarantine_id, bytes FROM quarantine ORDER BY quarantine_id',
      );
      expect(quarantine).toEqual([
        { quarantine_id: 'q-1', bytes: 'ew==' },
        { quarantine_id: 'q-2', bytes: 'ew==' },
      ]);
    });

    it('in which its status follows every load, and is the same when opened anew', async () => {
      const bench = await newBench();
      expect(bench.warehouse.status()).toEqual({ dataVersion: 0, lastSegment: 0, visibleThrough: null });
      const acceptedAtMs = Date.parse('2026-02-09T00:31:08.250Z');
      const result = await bench.load([delivered(anOrder(), 'default', acceptedAtMs)], [second]);
      expect(result.acceptedAtMs).toContain(acceptedAtMs);
      const status = { dataVersion: result.dataVersion, lastSegment: 2, visibleThrough: '2026-02-09T00:31:08.250Z' };
      expect(bench.warehouse.status()).toEqual(status);
      await bench.reopen();
      expect(bench.warehouse.status()).toEqual(status);
      expect(await bench.warehouse.loaded([1, 2, 3])).toEqual(new Set([1, 2]));
    });

    it('which a load that fails does not touch', async () => {
      const bench = await newBench();
      const lost = await bench.lostSegment([second]);
      await expect(bench.warehouse.load([lost])).rejects.toThrow();
      expect(bench.warehouse.status()).toEqual({ dataVersion: 0, lastSegment: 0, visibleThrough: null });
      await bench.load([first]);
      expect(await bench.summary()).toMatchObject({ orders: 1 });
    });
  });
}

function testRevisions(newBench: NewBench): void {
  const pizzas = (quantity: number) => ({ lines: [aPizza({ quantity })] });
  const revisions = [1, 2, 3].map((revision) => delivered(anOrder({ revision, ...pizzas(revision) })));
  const voided = delivered(anOrder({ revision: 4, status: 'voided', ...pizzas(4) }));
  const orders = [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ];

  describe('lets the highest revision win', () => {
    it.each(orders)('when they arrive as %i, %i, %i, in one load and one by one', async (...order) => {
      const arriving = order.flatMap((index) => revisions[index] ?? []);
      const [together, apart] = [await newBench(), await newBench()];
      await together.load(arriving);
      for (const revision of arriving) await apart.load([revision]);
      for (const bench of [together, apart])
        expect(await bench.summary()).toMatchObject({ orders: 1, pizzas: 3, revenue_cents: 3000 });
    });

    it('and a void beats an order of its own revision, whichever comes first', async () => {
      const [placed, voidOfIt] = [delivered(anOrder()), delivered(anOrder({ status: 'voided' }))];
      for (const loads of [
        [placed, voidOfIt],
        [voidOfIt, placed],
      ]) {
        const bench = await newBench();
        for (const load of loads) await bench.load([load]);
        expect(await bench.summary()).toMatchObject({ orders: 0, pizzas: 0, revenue_cents: 0 });
      }
    });

    it('and a void takes the order out of every figure, customers included, before and after it', async () => {
      const [before, after, together] = [await newBench(), await newBench(), await newBench()];
      const placed = delivered(anOrder({ customer_id: 'c-1' }));
      await before.load([voided]);
      await before.load([placed]);
      await after.load([placed]);
      await after.load([voided]);
      await together.load([placed, voided]);
      for (const bench of [before, after, together]) {
        expect(await bench.summary()).toMatchObject({ orders: 0, pizzas: 0, revenue_cents: 0, unique_customers: 0 });
        expect(await bench.report('top-combinations')).toEqual([]);
        expect(await bench.report('sales-by-state')).toEqual([]);
      }
    });

    it('and an order that moves to another store, customer and day leaves no trace where it was', async () => {
      const bench = await newBench();
      await bench.load([delivered(anOrder({ customer_id: 'c-1' }))]);
      const moved = anOrder({
        revision: 2,
        store_id: 's-2',
        customer_id: 'c-2',
        ordered_at: '2026-03-01T12:00:00-08:00',
        deliver_to: { state: 'CA' },
        lines: [aPizza({ toppings: ['ham'] })],
      });
      await bench.load([delivered(moved)]);
      expect(await bench.report('sales-by-state')).toMatchObject([{ state: 'CA', orders: 1, unique_customers: 1 }]);
      expect(await bench.report('sales-by-day')).toMatchObject([{ business_date: '2026-03-01', orders: 1 }]);
      expect(await bench.report('top-combinations')).toMatchObject([
        { combination: 'thin|unspecified|unspecified|ham' },
      ]);
    });
  });
}
