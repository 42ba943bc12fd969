import { randomUUID } from 'node:crypto';
import type { ReferenceTable } from '../warehouse.ts';
import type { LoadTools } from './load-objects.ts';
import { readRows } from './reference-file.ts';
import { sqlFile } from './sql-file.ts';
import { type StagedRow, Staging } from './staging.ts';
import { lock, nextVersion, sqlInstant, statement } from './statements.ts';
import { zoneShifts } from './zone-shifts.ts';

const entities: Readonly<Record<ReferenceTable, 'store' | 'customer'>> = { stores: 'store', customers: 'customer' };

/** New facts go in, then the orders they concern move to where they count. */
function upsertSql(table: ReferenceTable): string[] {
  const files = [
    'incoming',
    `changed-${table}`,
    'next-versions',
    'close-moved',
    'close-gone',
    'delete-mended',
    `insert-${table}`,
    `unresolved-of-${table}`,
    'resolved',
    'update-resolved-lines',
    'update-resolved-heads',
  ];
  return files.map((name) => sqlFile(name).replace(/\bentity/g, entities[table]));
}

const sql = {
  sentStores: sqlFile('sent-stores'),
  sentCustomers: sqlFile('sent-customers'),
  sentZones: sqlFile('sent-zones'),
  sentMenuItems: sqlFile('sent-menu-items'),
  insertMenuItems: sqlFile('insert-menu-items'),
  upsertStores: upsertSql('stores'),
  upsertCustomers: upsertSql('customers'),
};

/** Inserts or replaces stores, with the offsets of the zones they are in. */
export async function upsertStores(tools: LoadTools, path: string): Promise<void> {
  const staging = new Staging(tools.staging, randomUUID());
  const zones = new Set<string>();
  const sent = await staging.put('sent', noteZones(sentRows(path), zones));
  await tools.dataApi.batch([
    lock,
    statement(sql.sentZones),
    ...(await staging.put('sent_zone', [...zones].flatMap(zoneShifts))),
    // The rules of a zone may have changed since.
    statement('DELETE FROM zone_shift WHERE time_zone IN (SELECT time_zone FROM sent_zone)'),
    statement('INSERT INTO zone_shift SELECT time_zone, starts_at, ends_at, shift_minutes FROM sent_zone'),
    statement(sql.sentStores),
    ...sent,
    ...sql.upsertStores.map((text) => statement(text)),
    nextVersion,
  ]);
}

async function* noteZones(rows: AsyncIterable<StagedRow>, zones: Set<string>): AsyncGenerator<StagedRow> {
  for await (const row of rows) {
    if (typeof row['time_zone'] === 'string') zones.add(row['time_zone']);
    yield row;
  }
}

/** Inserts or replaces customers. */
export async function upsertCustomers(tools: LoadTools, path: string): Promise<void> {
  const staging = new Staging(tools.staging, randomUUID());
  await tools.dataApi.batch([
    lock,
    statement(sql.sentCustomers),
    ...(await staging.put('sent', sentRows(path))),
    ...sql.upsertCustomers.map((text) => statement(text)),
    nextVersion,
  ]);
}

/** Replaces the whole menu. */
export async function replaceMenuItems(tools: LoadTools, path: string): Promise<void> {
  const staging = new Staging(tools.staging, randomUUID());
  await tools.dataApi.batch([
    lock,
    statement(sql.sentMenuItems),
    ...(await staging.put('sent', sentRows(path))),
    statement('DELETE FROM menu_item'),
    statement(sql.insertMenuItems),
    nextVersion,
  ]);
}

/** The ids that came from a source and hold today, and are not in a file of the ids that it has; sorted. */
export async function findMissing(
  { dataApi }: LoadTools,
  table: ReferenceTable,
  path: string,
  origin: string,
): Promise<string[]> {
  const key = `${entities[table]}_id`;
  const there = new Set<unknown>();
  for await (const row of readRows(path)) there.add(row[key]);
  const held = dataApi.stream(
    `SELECT ${key} AS id FROM ${entities[table]}
    WHERE valid_to = TIMESTAMP '9999-12-31 00:00:00' AND origin = $origin ORDER BY 1`,
    { origin },
  );
  const missing: string[] = [];
  for await (const rows of held) {
    for (const { id } of rows) if (!there.has(String(id))) missing.push(String(id));
  }
  return missing;
}

/** The rows of a file with a place each, and the time of a change as a cast reads it. */
async function* sentRows(path: string): AsyncGenerator<StagedRow> {
  let index = 0;
  for await (const row of readRows(path)) {
    const changedAt = row['changed_at'];
    const changed_text = typeof changedAt === 'string' ? sqlInstant(Date.parse(changedAt)) : null;
    yield { position: index, ...row, changed_text };
    index += 1;
  }
}
