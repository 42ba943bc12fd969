import { mkdir, rename, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance, listValue } from '@duckdb/node-api';
import { sha256Of, sync } from './durable-files.ts';
import { type ArchivedFile, type ArchivedSegment, archivePaths, batchName, type Manifest } from './manifest.ts';
import { recordColumns, recordType } from './record-columns.ts';

/** Points of a batch's way at which a test may stop it. */
export type ArchiveStep = 'written' | 'read back' | 'in place' | 'manifest' | 'segment deleted';
export type OnArchiveStep = (step: ArchiveStep) => Promise<void>;

/** Room for one batch; what needs more goes to the archive's temporary folder. */
const memoryLimit = '256MB';

/**
 * Writes the records of segment files as Parquet files, one a business date, and moves them to their place when
 * what is read back equals what was read. A database of its own does it, on one thread and in little memory.
 *
 * @returns the manifest, which is not written yet
 * @throws when a record could not be read back as it was
 */
export async function writeBatch(
  folder: string,
  segments: readonly ArchivedSegment[],
  paths: readonly string[],
  onStep: OnArchiveStep,
): Promise<Manifest> {
  const { tmp } = archivePaths(folder);
  const [first, last] = [segments.at(0)?.sequence ?? 0, segments.at(-1)?.sequence ?? 0];
  const name = batchName({ first, last });
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    memory_limit: memoryLimit,
    threads: '1',
    temp_directory: join(tmp, 'spilled'),
  });
  try {
    const connection = await instance.connect();
    await readRecords(connection, paths);
    const dates = await writeDates(connection, tmp);
    await onStep('written');
    await compare(connection, segments, dates, tmp);
    await onStep('read back');
    const files: ArchivedFile[] = [];
    for (const { date, records } of dates) {
      const path = `orders/business_date=${date}/${name}.parquet`;
      files.push({ path, records, ...(await moveIntoPlace(join(tmp, `${date}.parquet`), join(folder, path))) });
    }
    await sync(join(folder, 'orders'));
    await onStep('in place');
    return { version: 1, first, last, records: files.reduce((sum, file) => sum + file.records, 0), segments, files };
  } finally {
    instance.closeSync();
  }
}

/** `place` counts through all files; 240 minutes are the default closeout hour, 04:00. */
async function readRecords(connection: DuckDBConnection, paths: readonly string[]): Promise<void> {
  const values = { paths: listValue(paths) };
  await connection.run(
    `CREATE TABLE read AS
    SELECT
      CAST(regexp_extract(filename, '(\\d{12})\\.ndjson$', 1) AS BIGINT) AS segment, ${recordColumns},
      CAST(CASE
        WHEN r.type = 'order' THEN make_timestamp_ms(r.ordered_at_ms + (r.utc_offset_minutes - 240) * 60000)
        ELSE make_timestamp_ms(r.accepted_at_ms)
      END AS DATE) AS business_date
    FROM read_json($paths, format = 'newline_delimited', filename = true, columns = {c: 'VARCHAR', r: '${recordType}'})
    WHERE r IS NOT NULL`,
    values,
  );
  await connection.run(`
    CREATE VIEW record AS
    SELECT CAST(read.rowid - s.first + 1 AS INTEGER) AS position, read.*
    FROM read
    JOIN (SELECT segment, MIN(rowid) AS first FROM read GROUP BY segment) s ON s.segment = read.segment`);
}

async function writeDates(connection: DuckDBConnection, tmp: string): Promise<{ date: string; records: number }[]> {
  const grouped = await connection.runAndReadAll(
    'SELECT CAST(business_date AS VARCHAR), COUNT(*) FROM read GROUP BY business_date ORDER BY business_date',
  );
  const dates = grouped.getRows().map(([date, records]) => ({ date: String(date), records: Number(records) }));
  for (const { date } of dates) {
    await connection.run(
      `COPY (
        SELECT * EXCLUDE (business_date) FROM record
        WHERE business_date = CAST($date AS DATE) ORDER BY segment, position
      ) TO '${quoted(join(tmp, `${date}.parquet`))}' (FORMAT parquet, COMPRESSION zstd)`,
      { date },
    );
    await sync(join(tmp, `${date}.parquet`));
  }
  return dates;
}

/** Holds what the files say, record by record, against what was read, and their number against the seals. */
async function compare(
  connection: DuckDBConnection,
  segments: readonly ArchivedSegment[],
  dates: readonly { date: string }[],
  tmp: string,
): Promise<void> {
  const sums = (from: string): string =>
    `SELECT CAST(segment AS DOUBLE), CAST(COUNT(*) AS DOUBLE), CAST(bit_xor(hash(t)) AS VARCHAR) FROM (${from}) t GROUP BY segment ORDER BY segment`;
  const read = (await connection.runAndReadAll(sums('SELECT * EXCLUDE (business_date) FROM record'))).getRows();
  const paths = listValue(dates.map(({ date }) => join(tmp, `${date}.parquet`)));
  const written = await connection.runAndReadAll(
    sums('SELECT * FROM read_parquet($paths, hive_partitioning = false)'),
    { paths },
  );
  if (JSON.stringify(written.getRows()) !== JSON.stringify(read))
    throw new Error('What was written to the archive is not what was read from the segment files.');
  const counts = new Map(read.map(([segment, records]) => [Number(segment), Number(records)]));
  for (const { sequence, records } of segments) {
    const found = counts.get(sequence) ?? 0;
    if (found !== records)
      throw new Error(`Segment file ${sequence} says that it has ${records} records; ${found} were read.`);
  }
}

async function moveIntoPlace(from: string, to: string): Promise<Pick<ArchivedFile, 'bytes' | 'sha256'>> {
  const [{ size }, sha256] = [await stat(from), await sha256Of(from)];
  await mkdir(dirname(to), { recursive: true, mode: 0o700 });
  await rename(from, to);
  await sync(dirname(to));
  return { bytes: size, sha256 };
}

const quoted = (path: string): string => path.replaceAll("'", "''");
