import type {
  ReadEnd,
  ReadOptions,
  ReferenceRecord,
  ReferenceSource,
  ReferenceTable,
  RowFault,
  Watermark,
} from '../../src/sources/source.ts';

/** Everything that one read of a source gave. */
export interface WholeRead {
  readonly records: ReferenceRecord[];
  readonly faults: RowFault[];
  readonly end: ReadEnd | undefined;
}

/** Reads a table to its end. */
export async function readAll(
  source: ReferenceSource,
  table: ReferenceTable,
  since: Watermark | null = null,
  options: ReadOptions = {},
): Promise<WholeRead> {
  const records: ReferenceRecord[] = [];
  const faults: RowFault[] = [];
  let end: ReadEnd | undefined;
  for await (const event of source.read(table, since, options)) {
    if (event.type === 'end') end = event;
    else {
      records.push(...event.records);
      faults.push(...event.faults);
    }
  }
  return { records, faults, end };
}

/** Reads all keys of a table. */
export async function keysOf(source: ReferenceSource, table: ReferenceTable): Promise<string[]> {
  const keys: string[] = [];
  for await (const batch of source.keys(table, null)) keys.push(...batch);
  return keys;
}

/** The error that a promise is rejected with. */
export async function failureOf(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error('It did not fail.');
}
