import { matchRate } from '../sources/geography/match-rate.ts';
import { storeTimeZone } from '../sources/geography/store-time-zone.ts';
import { loadZipCodes } from '../sources/geography/zip-codes.ts';
import type { ZoneOf } from '../sources/normalise-reference.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';

/** What the list of ZIP codes tells: time zones of stores, and which written ZIP codes it knows. */
export async function openGeography(
  warehouse: Warehouse,
): Promise<{ zoneOf: ZoneOf; matchRate: () => Promise<object> }> {
  const zipCodes = await loadZipCodes();
  const rateOf = async (sql: string): Promise<object> => {
    const rows = await warehouse.query(sql);
    return matchRate(
      rows.map((row) => [row['zip'] as string | null, Number(row['count'])] as const),
      zipCodes,
    );
  };
  return {
    zoneOf: (store) => storeTimeZone(store, zipCodes),
    matchRate: async () => ({
      stores: await rateOf('SELECT zip, COUNT(*) AS count FROM store GROUP BY zip'),
      customers: await rateOf('SELECT home_zip AS zip, COUNT(*) AS count FROM customer GROUP BY home_zip'),
      deliveries: await rateOf('SELECT deliver_zip AS zip, COUNT(*) AS count FROM order_head GROUP BY deliver_zip'),
    }),
  };
}
