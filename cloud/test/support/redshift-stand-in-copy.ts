import { isUtf8 } from 'node:buffer';
import { gunzipSync } from 'node:zlib';
import { GetObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import type pg from 'pg';
import { type CopyOptions, parseCopy } from './redshift-stand-in-copy-options.ts';
import { type Column, LoadError, toText } from './redshift-stand-in-copy-values.ts';
import { refused } from './redshift-stand-in-error.ts';

/** What a COPY works with: a connection within its transaction, one outside of it, and the files. */
export interface CopyContext {
  readonly connection: pg.ClientBase;
  /** Errors of loads stay when the transaction is rolled back. */
  readonly outside: pg.Pool;
  readonly s3: S3Client;
  readonly queryId: number;
}

const rowsAtOnce = 2_000;
const objectBytesMax = 4 * 1024 * 1024;

/**
 * Loads newline-delimited JSON as COPY does and resolves with the number of rows.
 *
 * @throws StandInError when there are as many errors as MAXERROR, at least one; each is in sys_load_error_detail
 */
export async function copy(sql: string, context: CopyContext): Promise<number> {
  const options = parseCopy(sql);
  const columns = await columnsOf(options, context.connection);
  const rows: Values[] = [];
  let errors = 0;
  for (const file of await filesOf(options, context.s3)) {
    for (const [index, line] of (await linesOf(file, options, context.s3)).entries()) {
      const row = rowOf(line, columns, options);
      if (!(row instanceof LoadError)) {
        if (row) rows.push(row);
        continue;
      }
      await record(row, `s3://${file.bucket}/${file.key}`, index + 1, options, context);
      errors += 1;
      if (errors >= Math.max(options.maxError, 1)) throw failedLoad(options.table);
    }
  }
  if (options.isTrial) return 0;
  for (let at = 0; at < rows.length; at += rowsAtOnce) {
    await insert(rows.slice(at, at + rowsAtOnce), columns, options.table, context.connection);
  }
  return rows.length;
}

/** A row as PostgreSQL reads it, column by column. */
type Values = readonly (string | null)[];

interface S3File {
  readonly bucket: string;
  readonly key: string;
}

async function filesOf(options: CopyOptions, s3: S3Client): Promise<S3File[]> {
  const from = fileAt(options.from);
  if (!options.isManifest) {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: from.bucket, Prefix: from.key }));
    if (Contents.length === 0) throw refused(`The specified S3 prefix '${from.key}' does not exist`);
    return Contents.map(({ Key = '' }) => ({ bucket: from.bucket, key: Key }));
  }
  const manifest: unknown = JSON.parse(String(await read(from, s3)));
  const { entries } = manifest as { entries: readonly { readonly url: string; readonly mandatory?: boolean }[] };
  const files: S3File[] = [];
  for (const { url, mandatory = false } of entries) {
    const file = fileAt(url);
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: file.bucket, Prefix: file.key }));
    if (Contents.some(({ Key }) => Key === file.key)) files.push(file);
    else if (mandatory) throw refused(`Problem reading manifest file - S3ServiceException: ${url} does not exist`);
  }
  if (files.length === 0) throw refused('The manifest names no file that exists');
  return files;
}

function fileAt(url: string): S3File {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(url) ?? [];
  if (bucket === undefined || key === undefined) throw refused(`'${url}' is no S3 address`);
  return { bucket, key };
}

async function read(file: S3File, s3: S3Client): Promise<Buffer> {
  const { Body } = await s3
    .send(new GetObjectCommand({ Bucket: file.bucket, Key: file.key }))
    .catch((error: unknown) => {
      throw refused(`S3ServiceException: ${error instanceof Error ? error.name : String(error)}: ${file.key}`);
    });
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}

/** Lines as bytes, since some may be no text at all. */
async function linesOf(file: S3File, options: CopyOptions, s3: S3Client): Promise<Buffer[]> {
  const stored = await read(file, s3);
  const bytes = options.isGzip ? gunzipSync(stored) : stored;
  const lines: Buffer[] = [];
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(10, start);
    lines.push(bytes.subarray(start, end < 0 ? bytes.length : end));
    start = end < 0 ? bytes.length : end + 1;
  }
  return lines;
}

/** Values by column, nothing for an empty line: members of other names are left out, missing ones are NULL. */
function rowOf(line: Buffer, columns: readonly Column[], options: CopyOptions): Values | LoadError | undefined {
  if (line.length === 0) return undefined;
  try {
    const members = parse(line);
    return columns.map((column) => toText(members[column.name], column, options));
  } catch (error) {
    if (error instanceof LoadError) return error;
    throw error;
  }
}

function parse(line: Buffer): Readonly<Record<string, unknown>> {
  const text = line.toString('utf8');
  if (!isUtf8(line)) throw new LoadError(1220, 'String contains invalid or unsupported UTF8 codepoints');
  if (line.length > objectBytesMax) throw new LoadError(1216, 'JSON object is larger than 4 MB');
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {}
  throw new LoadError(1216, 'Invalid JSON format. Member is not an object.');
}

async function columnsOf({ table, columns }: CopyOptions, connection: pg.ClientBase): Promise<Column[]> {
  const { rows } = await connection.query<Column & { table: string | null }>(
    `SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS "isRequired",
       a.attidentity <> '' AS "isIdentity"
     FROM pg_attribute a WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`,
    [table],
  );
  if (rows.length === 0) throw refused(`Cannot COPY into nonexistent table ${table}`);
  const strange = columns?.find((name) => !rows.some((row) => row.name === name));
  if (strange !== undefined) throw refused(`column "${strange}" of relation "${table}" does not exist`);
  return rows.filter((row) => columns?.includes(row.name) ?? !row.isIdentity);
}

async function insert(
  rows: readonly Values[],
  columns: readonly Column[],
  table: string,
  connection: pg.ClientBase,
): Promise<void> {
  const names = columns.map(({ name }) => `"${name}"`).join(', ');
  const values = columns.map(({ type }, index) => `c${index}::${type}`).join(', ');
  const arrays = columns.map((_, index) => `$${index + 1}::text[]`).join(', ');
  const aliases = columns.map((_, index) => `c${index}`).join(', ');
  await connection.query(
    `INSERT INTO ${table} (${names}) SELECT ${values} FROM unnest(${arrays}) AS r (${aliases})`,
    columns.map((_, index) => rows.map((row) => row[index])),
  );
}

async function record(
  error: LoadError,
  file: string,
  line: number,
  { table }: CopyOptions,
  { outside, queryId }: CopyContext,
): Promise<void> {
  const { name = '', type = '' } = error.column ?? {};
  const [, known = type, length = ''] = /(\w+?)_?(\d*)$/.exec(type) ?? [];
  await outside.query(
    `INSERT INTO redshift.sys_load_error_detail
       (query_id, table_id, file_name, line_number, column_name, column_type, column_length, error_code, error_message)
     VALUES ($1, to_regclass($2)::oid::bigint::integer, $3, $4, $5, $6, $7, $8, $9)`,
    [
      queryId,
      table,
      file.slice(0, 256),
      line,
      name,
      known.slice(0, 10),
      length,
      error.code,
      error.message.slice(0, 512),
    ],
  );
}

function failedLoad(table: string): Error {
  return refused(`Load into table '${table}' failed.  Check 'sys_load_error_detail' system table for details.`);
}
