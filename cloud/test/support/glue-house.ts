import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { MySqlSource } from '../../../src/sources/mysql/mysql-source.ts';
import { readMySqlMapping } from '../../../src/sources/mysql/read-mapping.ts';
import { keyOf, type ReferenceTable, type Watermark } from '../../../src/sources/source.ts';
import type { MariaDb } from '../../../test/support/mariadb.ts';
import { keysOf, readAll } from '../../../test/support/reference-source.ts';
import {
  type CuratedRun,
  type GlueJobs,
  type JobOutcome,
  type JobResult,
  readCurated,
  startGlueJobs,
  whyNoSpark,
  zipCodesFile,
} from './glue.ts';

/** A mapping without its connection. */
export type Mapping = Readonly<Record<string, unknown>>;

/** The job and the source of one machine, side by side on one database. */
export interface GlueHouse {
  /** Folder of the curated files. */
  readonly output: string;
  /** Arguments of the job for a mapping. */
  argumentsFor(mapping: Mapping): string[];
  run(mapping?: Mapping, ...more: readonly string[]): Promise<JobResult>;
  /** Runs the job and resolves with the files of one table. */
  curate(table: ReferenceTable, mapping?: Mapping, ...more: readonly string[]): Promise<CuratedRun>;
  /** What the source of one machine makes of the same mapping. */
  source(mapping?: Mapping): MySqlSource;
  /** Says how far tables have been taken over. */
  apply(tables: Readonly<Partial<Record<ReferenceTable, Watermark>>>): void;
}

/**
 * Starts Spark for the calling test file, and gives every test an empty folder. Without Spark the tests are skipped
 * aloud, and in CI they fail.
 */
export function testGlue(server: () => MariaDb): () => GlueHouse {
  const reason = whyNoSpark();
  const folder = mkdtempSync(join(tmpdir(), 'slicehouse-glue-'));
  let jobs: GlueJobs | undefined;
  let tests = 0;
  beforeAll(() => {
    if (reason && process.env['CI'] === 'true') throw new Error(`These tests need Spark: ${reason}`);
    if (reason) return console.log(`Skipped: ${reason}`);
    jobs = startGlueJobs({ folder, password: server().password });
  });
  beforeEach((context) => {
    if (reason) context.skip(reason);
    tests += 1;
  });
  afterAll(async () => {
    await jobs?.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);
  return () => {
    if (!jobs) throw new Error('The job is there within tests only.');
    return houseOf(jobs, server(), join(folder, `${tests}`), folder);
  };
}

function houseOf(jobs: GlueJobs, server: MariaDb, output: string, folder: string): GlueHouse {
  const textOf = (mapping: Mapping): string =>
    JSON.stringify({
      connection: { host: '127.0.0.1', port: server.port, user: 'reader', database: 'shop' },
      ...mapping,
    });
  const argumentsFor = (mapping: Mapping): string[] => {
    const path = join(folder, 'mapping.json');
    writeFileSync(path, textOf(mapping));
    const named = { output, mapping: path, zip_codes: zipCodesFile, driver: 'org.mariadb.jdbc.Driver' };
    return Object.entries(named).flatMap(([name, value]) => [`--${name}`, value]);
  };
  const run: GlueHouse['run'] = (mapping = {}, ...more) => jobs.run(...argumentsFor(mapping), ...more);
  return {
    output,
    argumentsFor,
    run,
    async curate(table, mapping = {}, ...more) {
      const { outcomes } = await run(mapping, ...more);
      return readCurated(output, curated(outcomes, table));
    },
    source: (mapping = {}) =>
      new MySqlSource({
        mapping: readMySqlMapping(textOf(mapping), 'mapping.json'),
        environment: { SLICEHOUSE_MYSQL_PASSWORD: server.password },
        retry: { attemptsMax: 1, firstWaitMs: 1, waitMsMax: 1 },
      }),
    apply(tables) {
      writeFileSync(join(output, '_applied.json'), JSON.stringify({ source: 'test', tables }));
    },
  };
}

/** The outcome of a table that must have been read. */
export function curated(outcomes: readonly JobOutcome[], table: ReferenceTable): JobOutcome {
  const outcome = outcomes.find((one) => one.table === table);
  if (outcome?.outcome !== 'curated') throw new Error(`${table}: ${outcome?.message ?? 'not read'}`);
  return outcome;
}

/** Reads a table both ways and expects the same: records, faults, keys, and what the next read compares. */
export async function expectSame(
  house: GlueHouse,
  table: ReferenceTable,
  mapping: Mapping = {},
  since: Watermark | null = null,
): Promise<CuratedRun> {
  if (since) house.apply({ [table]: since });
  const run = await house.curate(table, mapping);
  const source = house.source(mapping);
  const { records, faults, end } = await readAll(source, table, since);
  // What is said to change later counts as changed when the read began, which was not at the same moment.
  const timed = (through: string | undefined) => (record: Readonly<Record<string, unknown>>) => {
    return record['changed_at'] === through ? { ...record, changed_at: 'now' } : record;
  };
  expect(sorted(run.records.map(timed(run.manifest.watermark.through)))).toEqual(
    sorted(records.map(timed(end?.watermark.through))),
  );
  expect(sorted(run.errors)).toEqual(sorted(faults));
  expect(sorted(run.keys)).toEqual(sorted((await keysOf(source, table)).map((key) => ({ [keyOf[table]]: key }))));
  expect([run.manifest.is_whole, run.manifest.watermark.basis]).toEqual([end?.isWhole, end?.watermark.basis]);
  const { rows } = run.manifest;
  expect(rows).toEqual({ records: records.length, errors: faults.length, keys: run.keys.length });
  return run;
}

const sorted = (values: readonly unknown[]): unknown[] =>
  values
    .map((value) => JSON.stringify(value))
    .sort()
    .map((value) => JSON.parse(value));
