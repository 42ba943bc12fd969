import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { UnloadableRecordsError } from '../unloadable-records.ts';
import { type Incoming, loadSegments, type Memory } from './load-segments.ts';
import { sift } from './sift.ts';
import { transaction } from './transaction.ts';

/** One record of a segment file: its line, and which it is. */
interface Line {
  readonly path: string;
  readonly segment: number;
  readonly record: number;
  readonly bytes: Buffer;
}

/**
 * Finds out which records made a load fail, by loading parts of it on trial and rolling back. Afterwards the
 * warehouse is as it was before.
 *
 * @throws UnloadableRecordsError naming them; or the error itself when it is not about data, or is gone by now
 */
export async function explainFailure(
  connection: DuckDBConnection,
  memory: Memory,
  incoming: Incoming,
  error: unknown,
): Promise<never> {
  if (!isOfData(error) || incoming.format !== 'json') throw error;
  const [one = ''] = incoming.paths;
  const folder = await mkdtemp(join(dirname(one), 'trial-'));
  try {
    const trial = (lines: readonly Line[]) => failureOf(connection, memory, folder, lines);
    const failing = await sift(await linesOf(incoming), trial);
    if (failing.length === 0) throw error;
    const records = failing.map(({ item: { segment, record }, reason }) => ({ segment, record, reason }));
    throw new UnloadableRecordsError(records, error);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What the database calls errors that a value causes; and what JavaScript throws at a value out of its range. */
const dataErrors = /^(?:Invalid Input|Conversion|Out of Range|Constraint|Mismatch Type|Invalid Type|Value) Error/i;

function isOfData(error: unknown): boolean {
  return error instanceof RangeError || error instanceof TypeError || dataErrors.test((error as Error).message);
}

async function linesOf({ segments, paths }: Incoming): Promise<Line[]> {
  const lines: Line[] = [];
  for (const [index, { sequence, records }] of segments.entries()) {
    const path = paths[index] ?? '';
    const content = await readFile(path);
    let start = 0;
    for (let record = 1; record <= records; record += 1) {
      const end = content.indexOf(0x0a, start) + 1;
      lines.push({ path, segment: sequence, record, bytes: content.subarray(start, end) });
      start = end;
    }
  }
  return lines;
}

async function failureOf(
  connection: DuckDBConnection,
  memory: Memory,
  folder: string,
  lines: readonly Line[],
): Promise<string | undefined> {
  const incoming = await writeTrial(folder, lines);
  try {
    await loadSegments(connection, memory, incoming, new Date().toISOString(), rolledBack);
  } catch (error) {
    if (error instanceof TrialPassed) return undefined;
    if (!isOfData(error)) throw error;
    return (error as Error).message;
  }
  return undefined;
}

class TrialPassed extends Error {}

/** Runs a task and undoes it. */
async function rolledBack<T>(connection: DuckDBConnection, task: () => Promise<T>): Promise<T> {
  return transaction(connection, async () => {
    await task();
    throw new TrialPassed();
  });
}

/** Segment files, without seals, with these lines; under their own names, which say the sequence. */
async function writeTrial(folder: string, lines: readonly Line[]): Promise<Incoming> {
  const files = new Map<string, Line[]>();
  for (const line of lines) {
    const path = join(folder, basename(line.path));
    const file = files.get(path);
    if (file) file.push(line);
    else files.set(path, [line]);
  }
  for (const [path, content] of files) await writeFile(path, Buffer.concat(content.map((line) => line.bytes)));
  return {
    segments: [...files.values()].map((content) => ({
      sequence: content[0]?.segment ?? 0,
      records: content.length,
      sealedAtMs: 0,
    })),
    paths: [...files.keys()],
    format: 'json',
  };
}
