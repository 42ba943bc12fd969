import { catalogue } from '../../src/reports/catalogue.ts';
import { readParameters } from '../../src/reports/parameters.ts';
import type { Row, Warehouse } from '../../src/warehouse/warehouse.ts';

/** Every report of the catalogue, of everything and of one state. */
export async function allReports(warehouse: Warehouse): Promise<Record<string, Row[]>> {
  const rows: Record<string, Row[]> = {};
  for (const { name, sql, parameters } of catalogue)
    for (const written of 'state' in parameters ? [{}, { state: 'TX' }] : [{}])
      rows[`${name} ${JSON.stringify(written)}`] = await warehouse.query(sql, readParameters(parameters, written));
  return rows;
}

/** What must be the same in two warehouses of the same records: all but times of loading and inner numbers. */
const tables = {
  order_head: '* FROM order_head',
  order_line: `* EXCLUDE (loaded_at, combination_id, label, crust, sauce, cheese, toppings)
    FROM order_line l LEFT JOIN combination c ON c.combination_id = l.combination_id`,
  past_record: '* FROM past_record',
  book: '* FROM book',
  load_ledger: '* EXCLUDE (sealed_at, loaded_at, visible_at) FROM load_ledger',
  quarantine: '* EXCLUDE (resolved_at), resolved_at IS NULL AS open FROM quarantine',
  store: '* FROM store',
  customer: '* FROM customer',
} as const;

/** The rows of every table that is made from records and reference data. */
export async function allRows(warehouse: Warehouse): Promise<Record<string, Row[]>> {
  const rows: Record<string, Row[]> = {};
  for (const [table, select] of Object.entries(tables))
    rows[table] = await warehouse.query(`SELECT * FROM (SELECT ${select}) ORDER BY ALL`);
  return rows;
}
