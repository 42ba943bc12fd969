import { afterAll, beforeAll } from 'vitest';
import { testWarehouse } from '../../test/conformance/warehouse.ts';
import { RedshiftWarehouses } from './support/redshift-warehouse.ts';

let warehouses: RedshiftWarehouses;
beforeAll(async () => {
  warehouses = await RedshiftWarehouses.start();
});
afterAll(() => warehouses.stop());

testWarehouse('in Redshift', (folder) => warehouses.open(folder), {
  segments: {
    put: (folder, sequence, records) => warehouses.segments.put(folder, sequence, records),
    remove: (segment) => warehouses.segments.remove(segment),
  },
  histories: 25,
});
