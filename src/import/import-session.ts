import type { Fault } from '../contract/errors.ts';
import type { Outcome } from './assemble-orders.ts';
import { type BoundMapping, bindMapping } from './bind-mapping.ts';
import { describeTables } from './describe-tables.ts';
import { ImportError } from './import-error.ts';
import { createClean, loadTables, type OnRows } from './load-tables.ts';
import { matchFiles } from './match-files.ts';
import { countSql } from './order-query.ts';
import { assembleOutcomes } from './outcomes.ts';
import type { ReadMapping } from './read-mapping.ts';
import { openStaging, type Staging } from './staging.ts';
import { columnIndex, labelOf, type Table } from './table.ts';
import { makeUnique } from './unique-keys.ts';

/** Files that have been read and joined and wait to be made into orders; close it when done. */
export interface ImportSession {
  /** Orders there are, good and bad. */
  readonly totalOrders: number;
  /** Rows left out by `only` and `skip`. */
  readonly skippedRows: number;
  /** Files on the command line that the mapping has no use for. */
  readonly ignoredFiles: readonly string[];
  readonly bound: BoundMapping;
  readonly staging: Staging;
  /** Everything that became of the rows, in batches, always in the same order. */
  outcomes(): AsyncGenerator<Outcome[]>;
  close(): Promise<void>;
}

/**
 * Reads the files as the mapping says.
 *
 * @throws ImportError when a file or a column is not there, or nothing is in the files
 */
export async function openSession(
  paths: readonly string[],
  mapping: ReadMapping,
  onRows: OnRows,
): Promise<ImportSession> {
  const { sources, ignored } = await matchFiles(paths, mapping.files);
  const staging = await openStaging();
  try {
    const tables = await describeTables(mapping.files, sources, staging.connection);
    const bound = bind(mapping, tables);
    const all = [...tables.values()];
    const skippedRows = await loadTables(all, staging, createClean(mapping.absent), onRows);
    for (const hop of [...bound.query.hops, ...(bound.stores?.hops ?? [])]) {
      if (hop.table !== bound.query.orders) await makeUnique(staging.connection, hop);
    }
    const totalOrders = await count(staging, bound);
    if (totalOrders === 0) throw new ImportError(`There are no rows in ${labelOf(bound.query.orders)}.`);
    return {
      totalOrders,
      skippedRows,
      ignoredFiles: ignored,
      bound,
      staging,
      outcomes: () => assembleOutcomes(staging, bound, all),
      close: () => staging.close(),
    };
  } catch (error) {
    await staging.close();
    throw error;
  }
}

function bind(mapping: ReadMapping, tables: ReadonlyMap<string, Table>): BoundMapping {
  const faults: Fault[] = [];
  for (const table of tables.values()) faults.push(...unknownColumns(table));
  const bound = bindMapping(mapping, tables, faults);
  if (faults.length > 0) throw new ImportError('The mapping does not fit the files:', { faults });
  return bound;
}

/** Columns that a file's own members name and that are not there. */
function unknownColumns(table: Table): Fault[] {
  const { only = {}, skip = {}, fill_down: fill = [] } = table.spec;
  const named = [
    ...Object.keys(only).map((column) => ({ column, member: `only.${column}` })),
    ...Object.keys(skip).map((column) => ({ column, member: `skip.${column}` })),
    ...fill.map((column) => ({ column, member: 'fill_down' })),
  ];
  const known = [...new Set(table.columns.flat())];
  const faults = named.flatMap(({ column, member }) =>
    table.columns.every((columns) => columnIndex(columns, column) >= 0)
      ? []
      : [
          {
            path: `files.${table.name}.${member}`,
            message: `there is no column "${column}"; there are ${known.join(', ')}.`,
          },
        ],
  );
  const { parent } = table;
  if (parent?.table.columns.every((columns) => columnIndex(columns, parent.column) < 0)) {
    const there = [...new Set(parent.table.columns.flat())].join(', ');
    faults.push({
      path: `files.${table.name}.each`,
      message: `there is no column "${parent.column}"; there are ${there}.`,
    });
  }
  return faults;
}

async function count(staging: Staging, { query }: BoundMapping): Promise<number> {
  const [row] = (await staging.connection.runAndReadAll(countSql(query))).getRows();
  return Number(row?.[0] ?? 0);
}
