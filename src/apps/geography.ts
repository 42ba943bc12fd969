import { matchRate } from '../sources/geography/match-rate.ts';
import { loadZipCodes } from '../sources/geography/zip-codes.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';

const columns = {
  stores: 'SELECT zip, COUNT(*) AS count FROM store GROUP BY zip',
  customers: 'SELECT home_zip AS zip, COUNT(*) AS count FROM customer GROUP BY home_zip',
  deliveries: 'SELECT deliver_zip AS zip, COUNT(*) AS count FROM order_head GROUP BY deliver_zip',
} as const;

/** How many of the ZIP codes that a warehouse holds are known, by where they stand. */
export async function zipCodeMatchRates(warehouse: Warehouse): Promise<Record<keyof typeof columns, object>> {
  const rateOf = async (sql: string): Promise<object> => {
    const rows = await warehouse.query(sql);
    return matchRate(
      rows.map((row) => [row['zip'] as string | null, Number(row['count'])] as const),
      loadZipCodes(),
    );
  };
  return {
    stores: await rateOf(columns.stores),
    customers: await rateOf(columns.customers),
    deliveries: await rateOf(columns.deliveries),
  };
}
