import { listValue } from '@duckdb/node-api';
import { OrderAssembler, type Outcome, rowOutcome } from './assemble-orders.ts';
import type { BoundMapping } from './bind-mapping.ts';
import { createDictionaries } from './dictionaries.ts';
import { ordersSql, ordersWithoutLinesSql } from './order-query.ts';
import { placeColumns, readPlaceOf } from './row-place.ts';
import type { Reject } from './sink.ts';
import type { Staging } from './staging.ts';
import { labelOf, type Table } from './table.ts';

type RowOutcome = Outcome & { kind: 'row' };

/** Streams the joined rows and says what became of them: orders first, then what leads to none. */
export async function* assembleOutcomes(
  staging: Staging,
  bound: BoundMapping,
  tables: readonly Table[],
): AsyncGenerator<Outcome[]> {
  const assembler = new OrderAssembler(bound);
  const { slots, decode } = await createDictionaries(staging.connection, bound.query.binder);
  for await (const rows of stream(staging, ordersSql(bound.query, slots))) {
    const outcomes = rows.flatMap((row) => assembler.push(decode(row)));
    if (outcomes.length > 0) yield outcomes;
  }
  yield assembler.flush();
  yield* ordersWithoutLines(staging, bound);
  yield* tornLookups(staging, bound, tables);
}

async function* stream(staging: Staging, sql: string): AsyncGenerator<unknown[][]> {
  const result = await staging.connection.stream(sql);
  for (;;) {
    const chunk = await result.fetchChunk();
    if (!chunk || chunk.rowCount === 0) return;
    yield chunk.getRows();
  }
}

async function* ordersWithoutLines(staging: Staging, { query }: BoundMapping): AsyncGenerator<RowOutcome[]> {
  const sql = ordersWithoutLinesSql(query);
  if (sql === undefined || query.lines === undefined) return;
  const without = `has no lines in ${labelOf(query.lines)}`;
  for await (const rows of stream(staging, sql)) {
    yield rows.map((row) => readPlaceOf(row)).map((place) => rowOutcome(query.orders, place, place.fault ?? without));
  }
}

/** Rows of files that are only looked up never become an order; those that cannot be read are told all the same. */
async function* tornLookups(
  staging: Staging,
  { query, strayToppings }: BoundMapping,
  tables: readonly Table[],
): AsyncGenerator<RowOutcome[]> {
  const lookups = tables
    .filter((table) => table !== query.orders && table !== query.lines && table !== strayToppings?.table)
    .map((table) => ({
      table,
      sql: `SELECT ${placeColumns(table.sql).join(', ')} FROM ${table.sql} WHERE fault IS NOT NULL ORDER BY id`,
    }));
  for (const { table, sql } of strayToppings ? [...lookups, strayToppings] : lookups) {
    for await (const rows of stream(staging, sql)) {
      yield rows.map((row) => readPlaceOf(row)).map((place) => rowOutcome(table, place, place.fault ?? ''));
    }
  }
}

/** The rejects among outcomes, rows fetched from where they are staged. */
export async function rejectsOf(staging: Staging, outcomes: readonly Outcome[]): Promise<Reject[]> {
  const rows = outcomes.filter((outcome) => outcome.kind === 'row');
  const texts = new Map<Table, Map<number, string>>();
  for (const table of new Set(rows.map((row) => row.table))) {
    const ids = rows.filter((row) => row.table === table).map(({ id }) => id);
    texts.set(table, await rowTexts(staging, table, ids));
  }
  return outcomes.flatMap((outcome) => {
    if (outcome.kind === 'order') return [];
    if (outcome.kind === 'reject') return [outcome.reject];
    const { origin, code, reason, table, id } = outcome;
    return [{ origin, code, reason, bytes: Buffer.from(texts.get(table)?.get(id) ?? '') }];
  });
}

/** Rows as they are in their file; where the file is not text, the cells that were read, as JSON. */
async function rowTexts(staging: Staging, table: Table, ids: readonly number[]): Promise<Map<number, string>> {
  const cells = table.wanted.map((_, index) => `c${index}`);
  const sql = `SELECT id, raw${cells.map((cell) => `, ${cell}`).join('')} FROM ${table.sql} WHERE id IN (SELECT unnest(?))`;
  const result = await staging.side.runAndReadAll(sql, [listValue(ids)]);
  return new Map(
    result.getRows().map(([id, raw, ...values]) => {
      const named = Object.fromEntries(table.wanted.map((column, index) => [column, values[index] ?? null]));
      return [Number(id), raw ? String(raw) : JSON.stringify(named)];
    }),
  );
}
