import type { WriteStatement } from '../warehouse.ts';
import { literal } from './data-api-parameters.ts';
import type { ObjectStore } from './object-store.ts';

/** A row for COPY: column names and values; instants are milliseconds since 1970, NULL is left out. */
export type StagedRow = Readonly<Record<string, string | number | boolean | null>>;

export interface StagingOptions {
  readonly objects: ObjectStore;
  /** Where staged files lie, `s3://bucket/staging/`. They may be removed after a day. */
  readonly prefix: string;
  /** ARN of the role that Redshift reads them with. */
  readonly copyRole: string;
}

/** Rows of one file: enough for each slice to have a share of a large load, and few files for a small one. */
const partRowsMax = 50_000;

/** One load's files below the staging prefix, and the statements that read them. */
export class Staging {
  readonly #options: StagingOptions;
  /** Where the files of this load lie; Redshift's error tables name them so. */
  readonly folder: string;

  constructor(options: StagingOptions, id: string) {
    this.#options = options;
    this.folder = `${options.prefix}${id}/`;
  }

  /**
   * Writes rows as NDJSON files with a manifest, as they come.
   *
   * @returns the COPY of them into a table; none when there are no rows, because a manifest must not be empty
   */
  async put(table: string, rows: Iterable<StagedRow> | AsyncIterable<StagedRow>): Promise<WriteStatement[]> {
    const entries: { url: string; mandatory: true }[] = [];
    for await (const part of partsOf(rows)) {
      const url = this.#partUri(table, entries.length + 1);
      await this.#options.objects.write(url, part.join(''));
      entries.push({ url, mandatory: true });
    }
    if (entries.length === 0) return [];
    await this.#options.objects.write(this.#manifestUri(table), JSON.stringify({ entries }));
    return [this.copy(table)];
  }

  /**
   * Reads what was put for a table. It stops at the first row that does not fit its columns, unless told to count
   * such rows up to a number; it cuts no text and replaces no character.
   */
  copy(table: string, errorsMax = 0): WriteStatement {
    const sql = `COPY ${table} FROM ${literal(this.#manifestUri(table))} IAM_ROLE ${literal(this.#options.copyRole)}
      MANIFEST FORMAT AS JSON 'auto' TIMEFORMAT 'epochmillisecs' MAXERROR ${errorsMax} COMPUPDATE OFF STATUPDATE OFF`;
    return { sql, parameters: {} };
  }

  /** Which of a table's rows, from 0, is at a line of a file; undefined when the file is none of its. */
  rowAt(table: string, file: string, line: number): number | undefined {
    const part = /-(\d+)\.ndjson$/.exec(file)?.[1];
    if (part === undefined || file !== this.#partUri(table, Number(part))) return undefined;
    return (Number(part) - 1) * partRowsMax + line - 1;
  }

  #partUri(table: string, part: number): string {
    return `${this.folder}${table}-${part}.ndjson`;
  }

  #manifestUri(table: string): string {
    return `${this.folder}${table}.manifest`;
  }
}

async function* partsOf(rows: Iterable<StagedRow> | AsyncIterable<StagedRow>): AsyncGenerator<readonly string[]> {
  let part: string[] = [];
  for await (const row of rows) {
    part.push(writeRow(row));
    if (part.length < partRowsMax) continue;
    yield part;
    part = [];
  }
  if (part.length > 0) yield part;
}

function writeRow(row: StagedRow): string {
  return `${JSON.stringify(row, (_, value) => value ?? undefined)}\n`;
}
