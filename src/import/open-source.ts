import type { DuckDBConnection } from '@duckdb/node-api';
import type { FileSpec } from './mapping-schema.ts';
import type { SourceFile } from './match-files.ts';
import { openCsv } from './read-csv.ts';
import { openJson, openParquet } from './read-native.ts';
import { openNdjson } from './read-ndjson.ts';
import type { RowReader } from './source-row.ts';

/**
 * Opens a file in its format. `wanted` limits the columns where the format can leave the others unread.
 *
 * @throws ImportError when it cannot be read
 */
export async function openSource(
  connection: DuckDBConnection,
  { path, format }: SourceFile,
  spec: FileSpec,
  wanted?: readonly string[],
): Promise<RowReader> {
  switch (format) {
    case 'csv':
      return openCsv(path, spec);
    case 'ndjson':
      return openNdjson(path, spec);
    case 'json':
      return openJson(connection, path);
    case 'parquet':
      return openParquet(connection, path, wanted);
  }
}
