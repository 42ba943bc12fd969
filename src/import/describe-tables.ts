import type { DuckDBConnection } from '@duckdb/node-api';
import { elementsOf } from './elements.ts';
import { memberAt, memberPaths } from './json-value.ts';
import { fileOfReference } from './mapping-files.ts';
import type { Mapping } from './mapping-schema.ts';
import type { SourceFile } from './match-files.ts';
import { openSource } from './open-source.ts';
import type { SourceRow } from './source-row.ts';
import { columnIndex, type Table } from './table.ts';

const sampleRows = 1_000;

/** The first rows of a table, as values whose cells can be picked by column. */
interface Sample {
  readonly table: Table;
  readonly rows: readonly { readonly value: unknown; readonly columns: readonly string[] | null }[];
}

/**
 * Opens every file and finds its columns: the header, or the members of the first 1,000 rows.
 *
 * @throws ImportError when a file cannot be read
 */
export async function describeTables(
  files: Mapping['files'],
  sources: ReadonlyMap<string, readonly SourceFile[]>,
  connection: DuckDBConnection,
): Promise<Map<string, Table>> {
  const samples = new Map<string, Sample>();
  for (const name of Object.keys(files)) await describe(name, files, sources, connection, samples);
  return new Map(Object.keys(files).map((name) => [name, samples.get(name)?.table as Table]));
}

async function describe(
  name: string,
  files: Mapping['files'],
  sources: ReadonlyMap<string, readonly SourceFile[]>,
  connection: DuckDBConnection,
  samples: Map<string, Sample>,
): Promise<Sample> {
  const known = samples.get(name);
  if (known) return known;
  const spec = files[name] ?? {};
  const sql = `t${samples.size}`;
  let sample: Sample;
  if (spec.each === undefined) {
    sample = await sampleFile({ name, sql, spec, sources: sources.get(name) ?? [], parent: undefined }, connection);
    samples.set(name, sample);
  } else {
    const above = await describe(fileOfReference(spec.each), files, sources, connection, samples);
    const column = spec.each.slice(spec.each.indexOf('.') + 1);
    const parent = { table: above.table, column };
    sample = sampleElements(above, { name, sql: `t${samples.size}`, spec, sources: above.table.sources, parent });
    samples.set(name, sample);
  }
  return sample;
}

type Described = Omit<Table, 'columns' | 'json' | 'wanted'>;

async function sampleFile(described: Described, connection: DuckDBConnection): Promise<Sample> {
  const rows: Sample['rows'][number][] = [];
  const columns: string[][] = [];
  let json = false;
  for (const source of described.sources) {
    const reader = await openSource(connection, source, described.spec);
    const first: SourceRow[] = [];
    for await (const batch of reader.batches()) {
      first.push(...batch.slice(0, sampleRows - first.length));
      if (first.length >= sampleRows) break;
    }
    json ||= reader.columns === null;
    columns.push([...(reader.columns ?? pathsOf(first.map(({ value }) => value)))]);
    rows.push(...first.map(({ value }) => ({ value, columns: reader.columns })));
  }
  return { table: { ...described, columns, json, wanted: [] }, rows };
}

function sampleElements(above: Sample, described: Described): Sample {
  const column = described.parent?.column ?? '';
  const rows = above.rows.flatMap((row) =>
    elementsOf(pick(row.value, row.columns, column), described.spec).map(({ value }) => ({ value, columns: null })),
  );
  const paths = pathsOf(rows.map(({ value }) => value));
  return { table: { ...described, columns: [paths], json: true, wanted: [] }, rows };
}

function pathsOf(values: readonly unknown[]): string[] {
  const paths = new Set(values.flatMap((value) => memberPaths(value)));
  return values.some((value) => value !== null && typeof value !== 'object') ? [...paths, 'value'] : [...paths];
}

/** The value of a column in a row: a cell by the place of its column, or a member of a JSON value. */
export function pick(value: unknown, columns: readonly string[] | null, column: string): unknown {
  return columns === null ? memberAt(value, column) : (value as unknown[])[columnIndex(columns, column)];
}
