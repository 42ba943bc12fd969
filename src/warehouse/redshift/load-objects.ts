import { randomUUID } from 'node:crypto';
import type { SegmentFile } from '../../contract/segment-file.ts';
import type { LedgerEntry, WriteStatement } from '../warehouse.ts';
import type { DataApi } from './data-api.ts';
import type { ObjectStore } from './object-store.ts';
import { findRefusals } from './refusals.ts';
import { type PlacedRecord, type ReadSegment, splitRecords } from './split-records.ts';
import { sqlFile } from './sql-file.ts';
import { createStaged, type StagedRows, stagedTables, stageRecords } from './stage-records.ts';
import { Staging, type StagingOptions } from './staging.ts';
import { lock, sqlInstant, statement } from './statements.ts';

const arrivedSegments = sqlFile('arrived-segments');

/** What follows COPY, in this order; each takes what it needs of the parameters. */
const afterCopy = [
  'forget-loaded-segments',
  'forget-loaded-records',
  'ruled',
  'unresolved-arrived',
  'resolved',
  'new-heads',
  'new-combinations',
  'insert-past-records',
  'delete-replaced-lines',
  'merge-heads',
  'insert-lines',
  'insert-quarantine',
  'count-quarantine',
  'resolve-quarantine',
  'outcomes',
  'new-books',
  'merge-books',
  'insert-ledger',
].map(sqlFile);

/** What a load needs. */
export interface LoadTools {
  readonly dataApi: DataApi;
  readonly objects: ObjectStore;
  readonly staging: StagingOptions;
}

export interface LoadedObjects {
  readonly entries: LedgerEntry[];
  /** When each record was accepted, milliseconds since 1970, without replays. */
  readonly acceptedAtMs: number[];
}

/** Redshift names only rows of the file it stopped at; each time one more file can be the one. */
const attemptsMax = 10;

/**
 * Loads objects: splits their records into flat rows, stages these, and runs one transaction that copies them in,
 * rules on each, and writes ledger and books. What COPY refuses becomes a reject, and the load is tried again.
 *
 * @throws VanishedObjectError when one of them is not there; whatever it throws, nothing was loaded
 */
export async function loadObjects(tools: LoadTools, segments: readonly SegmentFile[]): Promise<LoadedObjects> {
  const read = await readSegments(tools.objects, segments);
  const loadId = randomUUID();
  const refusals = new Map<number, string>();
  for (let attempt = 1; ; attempt += 1) {
    const records = [...splitRecords(read, refusals)];
    const rows = stageRecords(records);
    const staging = new Staging(tools.staging, `${loadId}/${attempt}`);
    const statements = [...(await copies(staging, rows)), ...countSegments(read, records), ...rulings(loadId)];
    try {
      await tools.dataApi.batch([lock, ...statements]);
      return await loadedBy(tools.dataApi, loadId, records);
    } catch (error) {
      const found = attempt < attemptsMax ? await findRefusals(tools.dataApi, staging, rows, error) : new Map();
      const fresh = [...found].filter(([position]) => !refusals.has(position));
      if (fresh.length === 0) throw error;
      for (const [position, reason] of fresh) refusals.set(position, reason);
    }
  }
}

/** The statement that makes each staged table, followed by the COPY that fills it. */
async function copies(staging: Staging, rows: StagedRows): Promise<WriteStatement[]> {
  const statements: WriteStatement[] = [];
  for (const table of stagedTables)
    statements.push(statement(createStaged[table]), ...(await staging.put(table, rows[table])));
  return statements;
}

/** In the order of their sequences, so that of equal records of one load the same one counts every time. */
async function readSegments(objects: ObjectStore, segments: readonly SegmentFile[]): Promise<ReadSegment[]> {
  const sorted = [...segments].sort((one, other) => one.sequence - other.sequence);
  return Promise.all(sorted.map(async (segment) => ({ segment, content: await objects.read(segment.path) })));
}

/** As numbers in the text: they are whole, and a batch of thousands would need as many parameters. */
function countSegments(read: readonly ReadSegment[], records: readonly PlacedRecord[]): WriteStatement[] {
  const counts = new Map(read.map(({ segment }) => [segment.sequence, 0]));
  for (const { segment } of records) counts.set(segment.sequence, (counts.get(segment.sequence) ?? 0) + 1);
  const values = read.map(({ segment: { sequence, sealedAtMs } }) => {
    return `(${BigInt(sequence)}, ${BigInt(counts.get(sequence) ?? 0)}, '${sqlInstant(sealedAtMs)}')`;
  });
  return [statement(arrivedSegments), statement(`INSERT INTO arrived_segment VALUES ${values.join(', ')}`)];
}

function rulings(loadId: string): WriteStatement[] {
  const parameters = { loaded_at: new Date().toISOString(), load_id: loadId };
  return afterCopy.map((text) => statement(text, parameters));
}

/** What the ledger says of this load: nothing of segments that another load brought in meanwhile. */
async function loadedBy(dataApi: DataApi, loadId: string, records: readonly PlacedRecord[]): Promise<LoadedObjects> {
  const rows = await dataApi.query(
    `SELECT segment, records, loaded, duplicates, superseded, quarantined, dropped, replaced
    FROM load_ledger WHERE load_id = $load_id ORDER BY segment`,
    { load_id: loadId },
  );
  const entries = rows as unknown as LedgerEntry[];
  const loaded = new Set(entries.map(({ segment }) => segment));
  const acceptedAtMs = records
    .filter(({ segment, record }) => loaded.has(segment.sequence) && !('replays' in record))
    .map(({ record }) => record.accepted_at_ms);
  return { entries, acceptedAtMs };
}
