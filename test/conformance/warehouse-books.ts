import { describe, expect, it } from 'vitest';
import { catalogue } from '../../src/reports/catalogue.ts';
import type { Row } from '../../src/warehouse/warehouse.ts';
import { anOrder, delivered } from '../support/orders.ts';
import type { WarehouseBench } from './warehouse-bench.ts';

const sunday = Date.UTC(2026, 1, 8, 12);
const monday = Date.UTC(2026, 1, 9, 12);
const reject = (id: string, acceptedAtMs = sunday) =>
  ({
    type: 'reject',
    quarantine_id: id,
    source: 'till',
    code: 'malformed_json',
    reason: 'The text is not valid JSON.',
    origin: null,
    bytes: Buffer.from('{').toString('base64'),
    accepted_at_ms: acceptedAtMs,
  }) as const;

const books = (bench: WarehouseBench): Promise<Row[]> =>
  bench.warehouse.query('SELECT * FROM book ORDER BY day, source');
const quarantine = (bench: WarehouseBench): Promise<Row[]> =>
  bench.warehouse.query('SELECT quarantine_id, status, arrivals FROM quarantine ORDER BY quarantine_id');

/** What became of every record can be told, and is the same told in three ways. */
export function testBooks(newBench: () => Promise<WarehouseBench>): void {
  describe('keeps books by day and source', () => {
    it('over any number of loads, and after it is opened anew', async () => {
      const bench = await newBench();
      const first = delivered(anOrder({ order_id: 'A-1' }), 'till', sunday);
      await bench.load([first, first, delivered(anOrder({ order_id: 'A-2' }), 'shop', sunday)]);
      await bench.reopen();
      await bench.load([delivered(anOrder({ order_id: 'A-1', revision: 2 }), 'till', monday), first], [reject('q-1')]);
      const none = { loaded: 0, duplicates: 0, superseded: 0, quarantined: 0 };
      expect(await books(bench)).toEqual([
        { day: '2026-02-08', source: 'shop', ...none, received: 1, loaded: 1 },
        {
          day: '2026-02-08',
          source: 'till',
          ...none,
          received: 4,
          loaded: 1,
          duplicates: 1,
          superseded: 1,
          quarantined: 1,
        },
        { day: '2026-02-09', source: 'till', ...none, received: 1, loaded: 1 },
      ]);
    });

    it('in which every order record is a head or a past record, with its outcome', async () => {
      const bench = await newBench();
      const revision = (number: number) => delivered(anOrder({ revision: number }));
      await bench.load([revision(2), revision(1), revision(2)]);
      await bench.load([revision(3)]);
      const past = await bench.warehouse.query('SELECT revision, outcome FROM past_record ORDER BY revision, outcome');
      expect(past).toEqual([
        { revision: 1, outcome: 'superseded' },
        { revision: 2, outcome: 'duplicate' },
        { revision: 2, outcome: 'replaced' },
      ]);
      expect(await bench.warehouse.query('SELECT revision FROM order_head')).toEqual([{ revision: 3 }]);
    });

    it('in which a replay takes its record out of quarantine, and keeps the time it was accepted', async () => {
      const bench = await newBench();
      await bench.load([reject('q-1'), reject('q-2')]);
      const replayed = { ...delivered(anOrder(), 'till', sunday), replays: 'q-1' };
      const result = await bench.load([replayed]);
      expect(result.entries).toMatchObject([{ records: 1, loaded: 1 }]);
      expect(result.acceptedAtMs).toEqual([]);
      expect(await quarantine(bench)).toEqual([
        { quarantine_id: 'q-1', status: 'replayed', arrivals: 1 },
        { quarantine_id: 'q-2', status: 'waiting', arrivals: 1 },
      ]);
      expect(await bench.warehouse.query('SELECT accepted_at FROM order_head')).toEqual([
        { accepted_at: new Date(sunday).toISOString() },
      ]);
    });

    it('in which a dropped record stays dropped when its bytes come again, and a replay still counts', async () => {
      const bench = await newBench();
      const drop = { type: 'drop', quarantine_id: 'q-1', accepted_at_ms: monday } as const;
      await bench.load([reject('q-1')]);
      expect((await bench.load([drop])).entries).toMatchObject([{ records: 1, loaded: 0, quarantined: 0, dropped: 1 }]);
      await bench.load([reject('q-1', monday)]);
      expect(await quarantine(bench)).toEqual([{ quarantine_id: 'q-1', status: 'dropped', arrivals: 2 }]);
      await bench.load([{ ...delivered(anOrder()), replays: 'q-1' }, drop]);
      expect(await quarantine(bench)).toEqual([{ quarantine_id: 'q-1', status: 'replayed', arrivals: 2 }]);
      expect(await bench.summary()).toMatchObject({ orders: 1 });
    });
  });

  describe('brings its lines into order', () => {
    const chain = Array.from({ length: 60 }, (_, id) =>
      delivered(
        anOrder({
          order_id: `A-${id}`,
          customer_id: `c-${id % 7}`,
          ordered_at: `2026-0${1 + (id % 3)}-1${id % 9}T12:00:00-06:00`,
          deliver_to: { state: ['TX', 'CA', 'NY'][id % 3] ?? 'TX' },
          lines: [
            { kind: 'side', menu_item: 'Garlic Knots', quantity: 1, unit_price_cents: 500 },
            { kind: 'pizza', toppings: ['ham', 'onion'].slice(id % 2), quantity: 2, unit_price_cents: 900 + id },
          ],
        }),
      ),
    );
    const allReports = async (bench: WarehouseBench): Promise<unknown[]> =>
      Promise.all(catalogue.map(({ name }) => bench.report(name)));

    it('without a change to what any report says, while loads go on', async () => {
      const bench = await newBench();
      await bench.load(chain.slice(0, 40));
      const compaction = bench.warehouse.compact({ looseShareMin: 0 });
      await bench.load(chain.slice(40));
      const other = await newBench();
      await other.load(chain);
      expect(await compaction).toMatchObject({ months: 3 });
      expect(await allReports(bench)).toEqual(await allReports(other));
      await bench.reopen();
      expect(await allReports(bench)).toEqual(await allReports(other));
    });

    it('month by month, where enough of them came since', async () => {
      const bench = await newBench();
      await bench.load(chain);
      const seen: number[] = [];
      const result = await bench.warehouse.compact({ looseShareMin: 0, onProgress: (lines) => seen.push(lines) });
      expect(result).toEqual({ months: 3, lines: 120 });
      expect(seen.at(-1)).toBe(120);
      const late = delivered(anOrder({ order_id: 'late', ordered_at: '2026-02-14T12:00:00-06:00' }));
      await bench.load([late]);
      expect(await bench.warehouse.compact({ looseShareMin: 0.5 })).toEqual({ months: 0, lines: 0 });
      expect(await bench.warehouse.compact({ looseShareMin: 0.01 })).toEqual({ months: 1, lines: 41 });
    });

    it('and stops where it is when it is told to', async () => {
      const bench = await newBench();
      await bench.load(chain);
      const before = await allReports(bench);
      expect(await bench.warehouse.compact({ looseShareMin: 0, signal: AbortSignal.abort() })).toMatchObject({
        lines: 0,
      });
      expect(await allReports(bench)).toEqual(before);
      expect(await bench.warehouse.compact({ looseShareMin: 0 })).toMatchObject({ lines: 120 });
    });
  });
}
