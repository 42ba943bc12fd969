import { describe, expect, it } from 'vitest';
import type { Order } from '../../src/contract/order.ts';
import { anOrder, delivered } from '../support/orders.ts';
import type { WarehouseBench } from './warehouse-bench.ts';

const nowhere = (changes: Partial<Order> = {}): Order => {
  const { deliver_to: _, ...order } = anOrder();
  return { ...order, ...changes };
};

const statesOf = async (bench: WarehouseBench): Promise<unknown[]> =>
  (await bench.report('sales-by-state')).map((row) => row['state']);

const daysOf = async (bench: WarehouseBench): Promise<unknown[]> =>
  (await bench.report('sales-by-day')).map((row) => row['business_date']);

/** Where an order counts, and on which day. */
export function testPlaces(newBench: () => Promise<WarehouseBench>): void {
  describe('resolves the market state', () => {
    it('in four steps: store, delivery address, home of the customer, unresolved', async () => {
      const bench = await newBench();
      await bench.putStores({ store_id: 's-known', state: 'NY' });
      await bench.putCustomers({ customer_id: 'c-home', home: { state: 'CA' } }, { customer_id: 'c-none' });
      const orders = [
        nowhere({ store_id: 's-known', deliver_to: { state: 'TX' }, customer_id: 'c-home' }),
        nowhere({ deliver_to: { state: 'tx' }, customer_id: 'c-home' }),
        nowhere({ customer_id: 'c-home' }),
        nowhere({ customer_id: 'c-none' }),
        nowhere({ deliver_to: { state: 'Ontario' } }),
      ].map((order, index) => delivered({ ...order, order_id: `A-${index}` }));
      await bench.load(orders);
      const rows = await bench.report('sales-by-state');
      expect(rows.map((row) => [row['state'], row['orders']])).toEqual([
        ['CA', 1],
        ['NY', 1],
        ['TX', 1],
        ['unresolved', 2],
      ]);
      expect(await bench.summary({ state: 'unresolved' })).toMatchObject({ orders: 2 });
      expect(await bench.summary()).toMatchObject({ orders: 5 });
    });

    it('again when the store arrives, and when it moves', async () => {
      const bench = await newBench();
      await bench.load([delivered(anOrder())]);
      expect(await statesOf(bench)).toEqual(['TX']);
      const before = bench.warehouse.status().dataVersion;
      await bench.putStores({ store_id: 's-1', state: 'Hawaii' });
      expect(await statesOf(bench)).toEqual(['HI']);
      expect(bench.warehouse.status().dataVersion).toBeGreaterThan(before);
      await bench.putStores({ store_id: 's-1', state: 'ME' });
      expect(await statesOf(bench)).toEqual(['ME']);
    });

    it('by where a store was when the order was placed, once it is known when it moved', async () => {
      const bench = await newBench();
      const order = (id: string, ordered_at: string) => delivered(nowhere({ order_id: id, ordered_at }));
      await bench.putStores({ store_id: 's-1', state: 'TX' });
      await bench.load([order('A-1', '2026-02-08T12:00:00-06:00'), order('A-2', '2026-08-08T12:00:00-06:00')]);
      expect(await statesOf(bench)).toEqual(['TX']);
      const moved = { store_id: 's-1', state: 'CA', valid_from: '2026-07-01T00:00:00-05:00' };
      await bench.putStores(moved);
      await bench.putStores({ ...moved, name: 'Fresno' });
      await bench.putStores({ store_id: 's-1', state: 'CA', name: 'Fresno, First Street' });
      await bench.load([order('A-3', '2026-03-08T12:00:00-06:00')]);
      const rows = await bench.report('sales-by-state');
      expect(rows.map((row) => [row['state'], row['orders']])).toEqual([
        ['CA', 1],
        ['TX', 2],
      ]);
      const versions = await bench.warehouse.query('SELECT state, name, valid_from FROM store ORDER BY valid_from');
      expect(versions).toMatchObject([
        { state: 'TX', name: null },
        { state: 'CA', name: 'Fresno, First Street', valid_from: '2026-07-01T05:00:00.000Z' },
      ]);
    });

    it('by where a customer lived when the order was placed', async () => {
      const bench = await newBench();
      const order = (id: string, ordered_at: string) =>
        delivered(nowhere({ order_id: id, ordered_at, customer_id: 'c-1' }));
      await bench.putCustomers({ customer_id: 'c-1', home: { state: 'TX' } });
      await bench.load([order('A-1', '2026-02-08T12:00:00-06:00'), order('A-2', '2026-08-08T12:00:00-06:00')]);
      await bench.putCustomers({ customer_id: 'c-1', home: { state: 'CA' }, valid_from: '2026-07-01T00:00:00-05:00' });
      const rows = await bench.report('sales-by-state');
      expect(rows.map((row) => [row['state'], row['orders']])).toEqual([
        ['CA', 1],
        ['TX', 1],
      ]);
    });

    it('again when the customer arrives or moves, and only where nothing better is known', async () => {
      const bench = await newBench();
      const homeless = delivered(nowhere({ order_id: 'A-1', customer_id: 'c-1' }));
      const addressed = delivered(anOrder({ order_id: 'A-2', customer_id: 'c-1' }));
      await bench.load([homeless, addressed]);
      expect(await statesOf(bench)).toEqual(['TX', 'unresolved']);
      await bench.putCustomers({ customer_id: 'c-1', home: { state: 'VT' } });
      expect(await statesOf(bench)).toEqual(['TX', 'VT']);
      await bench.putCustomers({ customer_id: 'c-1', home: { state: 'NH' } });
      expect(await statesOf(bench)).toEqual(['NH', 'TX']);
    });

    it('of the last of several stores with one id', async () => {
      const bench = await newBench();
      await bench.putStores({ store_id: 's-1', state: 'NY' }, { store_id: 's-1', state: 'NJ' });
      await bench.load([delivered(anOrder())]);
      expect(await statesOf(bench)).toEqual(['NJ']);
    });

    it('of a voided order too, so that it is where it belongs when a higher revision places it again', async () => {
      const bench = await newBench();
      await bench.load([delivered(nowhere({ revision: 2, status: 'voided' }))]);
      await bench.putStores({ store_id: 's-1', state: 'UT' });
      await bench.load([delivered(nowhere({ revision: 3 }))]);
      expect(await statesOf(bench)).toEqual(['UT']);
    });
  });

  describe('puts an order on the business date', () => {
    it.each([
      ['an evening in Texas', 'America/Chicago', 4, '2026-02-09T00:31:07Z', '2026-02-08'],
      ['the hour before closeout', 'America/Chicago', 4, '2026-02-09T03:59:59-06:00', '2026-02-08'],
      ['the closeout itself', 'America/Chicago', 4, '2026-02-09T04:00:00-06:00', '2026-02-09'],
      ['midnight where the day ends at midnight', 'America/Chicago', 0, '2026-02-09T00:00:00-06:00', '2026-02-09'],
      ['the hour before midnight there', 'America/Chicago', 0, '2026-02-08T23:59:59-06:00', '2026-02-08'],
      ['an offset that is not the store’s', 'America/Los_Angeles', 4, '2026-02-09T13:59:59+09:00', '2026-02-08'],
      ['03:59 on the day the clock skips 02:00', 'America/New_York', 4, '2027-03-14T07:59:59Z', '2027-03-13'],
      ['04:00 on the day the clock skips 02:00', 'America/New_York', 4, '2027-03-14T08:00:00Z', '2027-03-14'],
      ['the first 01:30 of the day that has two', 'America/New_York', 2, '2027-11-07T05:30:00Z', '2027-11-06'],
      ['the second 01:30 of that day', 'America/New_York', 2, '2027-11-07T06:30:00Z', '2027-11-06'],
      ['02:00 of that day', 'America/New_York', 2, '2027-11-07T07:00:00Z', '2027-11-07'],
      ['a zone without summer time', 'America/Phoenix', 4, '2026-07-01T10:59:59Z', '2026-06-30'],
      ['29 February', 'America/Chicago', 4, '2028-02-29T12:00:00-06:00', '2028-02-29'],
    ])('%s', async (_what, time_zone, closeout_hour, ordered_at, date) => {
      const bench = await newBench();
      await bench.putStores({ store_id: 's-1', state: 'TX', time_zone, closeout_hour });
      await bench.load([delivered(anOrder({ ordered_at }))]);
      expect(await daysOf(bench)).toEqual([date]);
    });

    it('by the offset it was written with while its store is unknown, and by the store’s clock from then on', async () => {
      const bench = await newBench();
      await bench.load([delivered(anOrder({ ordered_at: '2026-02-09T03:00:00-06:00' }))]);
      expect(await daysOf(bench)).toEqual(['2026-02-08']);
      await bench.putStores({ store_id: 's-1', state: 'NY' });
      expect(await daysOf(bench)).toEqual(['2026-02-09']);
      expect(await bench.summary({ from: '2026-02-09', to: '2026-02-09' })).toMatchObject({ orders: 1 });
    });

    it('and finds it there when a later revision replaces it', async () => {
      const bench = await newBench();
      await bench.load([delivered(anOrder({ ordered_at: '2026-02-09T03:00:00-06:00' }))]);
      await bench.putStores({ store_id: 's-1', state: 'NY' });
      await bench.load([delivered(anOrder({ revision: 2, ordered_at: '2025-01-01T12:00:00-05:00' }))]);
      expect(await daysOf(bench)).toEqual(['2025-01-01']);
    });
  });
}
