import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance, listValue } from '@duckdb/node-api';
import { describe, expect, it, vi } from 'vitest';
import { anOrder, delivered } from '../../test/support/orders.ts';
import { writeSegment } from '../../test/support/segments.ts';
import { temporaryFolders } from '../../test/support/temporary-folders.ts';
import type { DeliveredRecord } from '../contract/delivered-order.ts';
import type { SegmentFile } from '../contract/segment-file.ts';
import { createLog } from '../runtime/log.ts';
import { Archive, type ArchiveOptions } from './archive.ts';
import { readManifests, readRemoved } from './manifest.ts';
import type { ArchiveStep } from './write-batch.ts';

const newFolder = temporaryFolders();
const nowMs = Date.UTC(2026, 1, 20);

const open = (folder: string, changes: Partial<ArchiveOptions> = {}): Promise<Archive> =>
  Archive.open({
    folder: join(folder, 'archive'),
    keepBytes: 1e9,
    keepFiles: 5_000,
    archiveDays: 0,
    log: createLog('silent'),
    now: () => nowMs,
    isBehind: () => false,
    ...changes,
  });

/** An order of each of two business dates, and one record of every other kind, in three segment files. */
const reject: DeliveredRecord = {
  type: 'reject',
  quarantine_id: 'q-1',
  source: 'till',
  code: 'malformed_json',
  reason: 'It is not valid JSON.',
  origin: 'orders.csv:7',
  bytes: Buffer.from([0, 255, 39]).toString('base64'),
  accepted_at_ms: Date.UTC(2026, 1, 9, 1),
};
const late = delivered(anOrder({ order_id: 'A-2', ordered_at: '2026-02-08T03:59:59-06:00', customer_id: "c-'1" }));
const replayed: DeliveredRecord = { ...delivered(anOrder({ order_id: 'A-3' })), replays: 'q-1' };
const drop: DeliveredRecord = { type: 'drop', quarantine_id: 'q-1', accepted_at_ms: Date.UTC(2026, 1, 9, 2) };
const history: DeliveredRecord[][] = [[delivered(anOrder()), late], [reject], [replayed, drop, late]];

const segmentsOf = async (folder: string): Promise<SegmentFile[]> => {
  await mkdir(join(folder, 'segments'), { recursive: true });
  return history.map((records, index) => writeSegment(join(folder, 'segments'), index + 1, records));
};

/** A new folder with the segment files and the archive opened. */
const newArchive = async (changes: Partial<ArchiveOptions> = {}) => {
  const folder = newFolder();
  const segments = await segmentsOf(folder);
  const archive = await open(folder, changes);
  archive.keep(segments);
  await archive.begin(async () => []);
  return { folder, segments, archive };
};

const segmentNames = (folder: string): string[] => readdirSync(join(folder, 'segments')).sort();
const parquetFiles = (folder: string): string[] =>
  readdirSync(join(folder, 'archive/orders'), { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.parquet'))
    .sort();

/** Every record of the batches, in order, as its JSON was but for members that are null. */
const recordsOf = async (folder: string): Promise<unknown[]> => {
  const manifests = await readManifests(join(folder, 'archive'));
  const paths = manifests.flatMap(({ files }) => files.map((file) => join(folder, 'archive', file.path)));
  const instance = await DuckDBInstance.create(':memory:');
  try {
    const connection = await instance.connect();
    const reader = await connection.runAndReadAll(
      'SELECT to_json(t) FROM read_parquet($paths, hive_partitioning = false) t ORDER BY segment, position',
      { paths: listValue(paths) },
    );
    return reader.getRows().map(([json]) => withoutNulls(JSON.parse(String(json))));
  } finally {
    instance.closeSync();
  }
};

const withoutNulls = (value: object): object =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null));

/** The records as the archive's columns have them. */
const expected = history.flatMap((records, index) =>
  records.map((record, at) => {
    const { lines, ...rest } = { lines: {}, ...record };
    const key = 'order_key' in record ? { order_key: Number(record.order_key) } : {};
    return withoutNulls({ segment: index + 1, position: at + 1, ...rest, ...key, ...lines });
  }),
);

describe('the archive', () => {
  it('holds every member of every record, by business date', async () => {
    const { folder, archive } = await newArchive();
    await archive.archiveAll();
    expect(await recordsOf(folder)).toEqual(expected);
    expect(parquetFiles(folder)).toEqual(
      ['2026-02-07', '2026-02-08', '2026-02-09'].map(
        (date) => `business_date=${date}/000000000001-000000000003.parquet`,
      ),
    );
    expect(segmentNames(folder)).toEqual([]);
    expect(archive.lastSequence).toBe(3);
    expect((await readManifests(join(folder, 'archive')))[0]).toMatchObject({
      first: 1,
      last: 3,
      records: 6,
      segments: [{ records: 2 }, { records: 1 }, { records: 3 }],
    });
  });

  it('takes in the oldest files when more are kept than should be, and waits for the loader', async () => {
    let behind = true;
    const { folder, archive } = await newArchive({ keepFiles: 2, isBehind: () => behind });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(segmentNames(folder)).toHaveLength(3);
    behind = false;
    await vi.waitFor(() => expect(segmentNames(folder)).toEqual([]), { timeout: 5_000 });
    await archive.close();
    expect(await recordsOf(folder)).toEqual(expected);
  });

  const steps: ArchiveStep[] = ['written', 'read back', 'in place', 'manifest', 'segment deleted'];
  it.each(steps)('has every record in one place after a crash at "%s"', async (step) => {
    const { folder, archive } = await newArchive({
      onStep: (now) => new Promise((goOn) => now !== step && goOn()),
    });
    void archive.archiveAll();
    const isThere = () => readdirSync(join(folder, 'archive/manifests')).length > 0;
    const isReached = step === 'manifest' || step === 'segment deleted' ? isThere : () => parquetAt(folder, step);
    await vi.waitFor(() => expect(isReached()).toBe(true), { timeout: 5_000 });
    await new Promise((resolve) => setTimeout(resolve, 50));

    const left = segmentNames(folder).map((name) => Number(name.slice(0, 12)));
    const again = await open(folder);
    expect(readdirSync(join(folder, 'archive/tmp'))).toEqual([]);
    expect(parquetFiles(folder).length > 0).toBe(isThere());
    const segments = left.map((sequence) => fileOf(folder, sequence));
    again.keep(segments);
    await again.begin(async () => []);
    expect(segmentNames(folder)).toHaveLength(isThere() ? 0 : 3);
    await again.archiveAll();
    expect(await recordsOf(folder)).toEqual(expected);
  });

  it.each(steps.slice(0, 3))('leaves the segment files when it fails at "%s", and tries again', async (step) => {
    let fails = true;
    const { folder, archive } = await newArchive({
      onStep: async (now) => {
        if (fails && now === step) throw new Error('ENOSPC: no space left on device');
      },
    });
    await expect(archive.archiveAll()).rejects.toThrow('ENOSPC');
    expect(segmentNames(folder)).toHaveLength(3);
    expect([readdirSync(join(folder, 'archive/tmp')), parquetFiles(folder)]).toEqual([[], []]);
    fails = false;
    await archive.archiveAll();
    expect(await recordsOf(folder)).toEqual(expected);
  });

  it('leaves a damaged segment file where it is, and archives those around it', async () => {
    const { folder, segments, archive } = await newArchive();
    const path = segments[1]?.path ?? '';
    const bytes = readFileSync(path);
    bytes.writeUInt8(bytes.readUInt8(40) ^ 1, 40);
    writeFileSync(path, bytes);
    await archive.archiveAll();
    expect(segmentNames(folder)).toEqual(['000000000002.ndjson']);
    expect(await recordsOf(folder)).toEqual(
      expected.filter((record) => !('segment' in record && record.segment === 2)),
    );
  });

  it('never removes a segment file that differs from the one it holds under that number', async () => {
    const { folder, archive } = await newArchive();
    await archive.archiveAll();
    const other = writeSegment(join(folder, 'segments'), 2, [delivered(anOrder({ order_id: 'B-1' }))]);
    const again = await open(folder);
    again.keep([other]);
    await again.begin(async () => []);
    await again.archiveAll();
    expect(existsSync(other.path)).toBe(true);
    expect(await recordsOf(folder)).toEqual(expected);
  });

  it('remembers at its beginning which loaded segments have no file any more', async () => {
    const folder = newFolder();
    const segments = await segmentsOf(folder);
    const archive = await open(folder);
    archive.keep(segments.slice(2));
    await archive.begin(async () => [3, 1, 2].map((sequence) => ({ sequence, records: 5 })));
    expect(await readRemoved(join(folder, 'archive'))).toEqual([
      { first: 1, last: 2, records: 10, reason: 'before the archive' },
    ]);
  });

  it('removes batches that are too old, and remembers them, whatever a crash left of them', async () => {
    const { folder, archive } = await newArchive();
    await archive.archiveAll();
    const manifest = join(folder, 'archive/manifests/000000000001-000000000003.json');
    const text = readFileSync(manifest);
    await (await open(folder, { archiveDays: 11 })).archiveAll();
    expect(parquetFiles(folder)).toHaveLength(3);
    await (await open(folder, { archiveDays: 10 })).archiveAll();
    expect([parquetFiles(folder), existsSync(manifest)]).toEqual([[], false]);
    expect(await readRemoved(join(folder, 'archive'))).toEqual([
      { first: 1, last: 3, records: 6, reason: 'archiveDays' },
    ]);
    writeFileSync(manifest, text);
    expect((await open(folder)).lastSequence).toBe(3);
    expect(existsSync(manifest)).toBe(false);
  });

  it('refuses a manifest of a newer version, and a damaged one, by name', async () => {
    const folder = newFolder();
    await open(folder);
    const path = join(folder, 'archive/manifests/000000000001-000000000001.json');
    writeFileSync(path, '{"version":2}');
    await expect(open(folder)).rejects.toThrow(`${path} has version 2`);
    renameSync(path, `${path}.away`);
    writeFileSync(path, '{"version":');
    await expect(open(folder)).rejects.toThrow(`${path} is damaged`);
  });
});

function parquetAt(folder: string, step: ArchiveStep): boolean {
  if (step === 'in place') return parquetFiles(folder).length === 3;
  return readdirSync(join(folder, 'archive/tmp')).filter((name) => name.endsWith('.parquet')).length === 3;
}

function fileOf(folder: string, sequence: number): SegmentFile {
  const path = join(folder, 'segments', `${String(sequence).padStart(12, '0')}.ndjson`);
  return { sequence, path, records: 0, bytes: readFileSync(path).length, sealedAtMs: nowMs };
}
