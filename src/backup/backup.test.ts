import { appendFileSync, mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { contentOf, digits, putBatch, putFile, putSegment } from '../../test/support/data-folders.ts';
import { segmentBytes } from '../../test/support/segments.ts';
import { temporaryFolders } from '../../test/support/temporary-folders.ts';
import { type BackupOptions, type BackupResult, backUp } from './backup.ts';
import { checkBackup } from './check-backup.ts';
import { FolderTarget } from './folder/folder-target.ts';
import { listBackups, readManifest } from './manifest.ts';
import { restoreFiles } from './restore.ts';
import type { BackupTarget } from './target.ts';

const newFolder = temporaryFolders();
const nowMs = Date.UTC(2026, 1, 8, 18, 31, 7);

/** A data folder with something of everything. */
const aDataFolder = (): string => {
  const folder = newFolder();
  putBatch(folder, 1, 3);
  putSegment(folder, 4, 5);
  putSegment(folder, 5, 2);
  putFile(folder, `segments/${digits(4)}.ndjson.damaged`, 'torn');
  putFile(folder, 'archive/reference/000001-stores.ndjson', '{"store_id":"s-1"}\n{"store_id":"s-2"}\n');
  putFile(folder, 'archive/reference/000002-customers.ndjson', '{"customer_id":"c-1"}\n');
  putFile(folder, 'keys.json', '[]\n');
  putFile(folder, 'warehouse.duckdb', 'not backed up');
  putFile(folder, 'server.json', 'not backed up');
  putFile(folder, 'archive/reference/000003-stores.ndjson.tmp', 'not accepted yet');
  return folder;
};
const notBackedUp = ['warehouse.duckdb', 'server.json', 'archive/reference/000003-stores.ndjson.tmp'];
const backedUp = (folder: string): Record<string, string> =>
  Object.fromEntries(Object.entries(contentOf(folder)).filter(([path]) => !notBackedUp.includes(path)));

const run = (folder: string, target: BackupTarget, changes: Partial<BackupOptions> = {}): Promise<BackupResult> =>
  backUp({ folder, target, nowMs, sealWithinMs: 0, ...changes });

const restoreNewest = async (target: BackupTarget): Promise<Record<string, string>> => {
  const [backup] = await listBackups(target);
  if (!backup) throw new Error('There is no backup.');
  const folder = join(newFolder(), 'restored');
  await restoreFiles({ target, backup, folder });
  return contentOf(folder);
};

/** A target that does something before each file it is given; throwing kills the backup there. */
const interrupted = (target: FolderTarget, before: (path: string) => void): BackupTarget => ({
  name: target.name,
  putFile: async (key, path, digest) => {
    before(path);
    await target.putFile(key, path, digest);
  },
  put: (key, bytes) => target.put(key, bytes),
  read: (key) => target.read(key),
  list: (folder) => target.list(folder),
  remove: (keys) => target.remove(keys),
  close: () => target.close(),
});

describe('a backup', () => {
  it('holds what the data folder holds, but for what is made from it', async () => {
    const folder = aDataFolder();
    const target = new FolderTarget(newFolder());
    const result = await run(folder, target);
    expect(result).toMatchObject({ name: '20260208T183107.000Z', filesSent: 9, filesKept: 0, leftOut: [] });
    expect(result.records).toEqual({ segments: 7, archive: 6, reference: 3 });
    expect(await restoreNewest(target)).toEqual(backedUp(folder));
  });

  it('sends only what is new since the one before', async () => {
    const folder = aDataFolder();
    const target = new FolderTarget(newFolder());
    const first = await run(folder, target);
    putSegment(folder, 6);
    putFile(folder, 'keys.json', '[{"id":"1"}]\n');
    const second = await run(folder, target, { nowMs: nowMs + 1 });
    expect(second).toMatchObject({ filesSent: 2, filesKept: 8 });
    expect(second.bytesSent).toBeLessThan(first.bytesSent);
    expect(await restoreNewest(target)).toEqual(backedUp(folder));
  });

  it('leaves the ones before as they were, even when the data folder went another way since', async () => {
    const folder = aDataFolder();
    const target = new FolderTarget(newFolder());
    await run(folder, target);
    const before = backedUp(folder);
    putSegment(folder, 5, 9);
    await run(folder, target, { nowMs: nowMs + 1 });
    const oldest = (await listBackups(target))[1];
    if (!oldest) throw new Error('The first backup is gone.');
    const restored = join(newFolder(), 'restored');
    await restoreFiles({ target, backup: oldest, folder: restored });
    expect(contentOf(restored)).toEqual(before);
    expect(await restoreNewest(target)).toEqual(backedUp(folder));
  });

  it('sends again what was removed or cut off in the target', async () => {
    const folder = aDataFolder();
    const place = newFolder();
    const target = new FolderTarget(place);
    await run(folder, target);
    const [gone = '', cut = ''] = (await target.list('files/')).map(({ key }) => key);
    rmSync(join(place, gone));
    truncateSync(join(place, cut), 1);
    expect(await run(folder, target, { nowMs: nowMs + 1 })).toMatchObject({ filesSent: 2 });
    expect(await restoreNewest(target)).toEqual(backedUp(folder));
  });

  it('is the newest by name even when the clock was put back', async () => {
    const folder = aDataFolder();
    const target = new FolderTarget(newFolder());
    await run(folder, target);
    putSegment(folder, 6);
    const second = await run(folder, target, { nowMs: nowMs - 3_600_000 });
    expect((await listBackups(target))[0]?.name).toBe(second.name);
  });

  it('refuses a folder that is no data folder', async () => {
    const target = new FolderTarget(newFolder());
    await expect(run(join(newFolder(), 'typo'), target)).rejects.toThrow(/is no data folder/);
    const unfinished = aDataFolder();
    putFile(unfinished, 'restore-unfinished', '');
    await expect(run(unfinished, target)).rejects.toThrow(/restore that did not finish/);
  });
});

describe('a backup of a data folder in use', () => {
  it('takes the archived batch of a segment file that vanishes', async () => {
    const folder = aDataFolder();
    const target = new FolderTarget(newFolder());
    let moved = false;
    const archiving = interrupted(target, () => {
      if (moved) return;
      moved = true;
      putBatch(folder, 4, 5);
      for (const sequence of [4, 5]) rmSync(join(folder, `segments/${digits(sequence)}.ndjson`));
    });
    await run(folder, archiving);
    const restored = await restoreNewest(target);
    expect(restored).toEqual(backedUp(folder));
    expect(Object.keys(restored)).toContain(`archive/manifests/${digits(4)}-${digits(5)}.json`);
  });

  it('takes reference data as it is after many files of it became one', async () => {
    const folder = aDataFolder();
    const target = new FolderTarget(newFolder());
    const reference = join(folder, 'archive/reference');
    putFile(reference, '000004-stores.ndjson', '{"store_id":"s-3"}\n');
    let folded = false;
    const folding = interrupted(target, (path) => {
      if (folded || !path.endsWith('000001-stores.ndjson')) return;
      folded = true;
      putFile(reference, '000004-stores.ndjson', '{"store_id":"s-1"}\n{"store_id":"s-2"}\n{"store_id":"s-3"}\n');
      rmSync(join(reference, '000001-stores.ndjson'));
    });
    expect((await run(folder, folding)).records.reference).toBe(4);
    expect(await restoreNewest(target)).toEqual(backedUp(folder));
  });

  it('lets batches go whose time is over, and says what no restore brings back', async () => {
    const folder = aDataFolder();
    const target = new FolderTarget(newFolder());
    const removed = { version: 1, removed: [{ first: 1, last: 3, records: 6, reason: 'archiveDays' }] };
    let expired = false;
    const expiring = interrupted(target, (path) => {
      if (expired || !path.endsWith('.parquet')) return;
      expired = true;
      putFile(folder, 'archive/removed.json', JSON.stringify(removed));
      rmSync(join(folder, 'archive/manifests'), { recursive: true });
      rmSync(join(folder, 'archive/orders'), { recursive: true });
    });
    expect(await run(folder, expiring)).toMatchObject({ warehouseOnly: 6, records: { archive: 0 } });
    expect(await restoreNewest(target)).toEqual(backedUp(folder));
  });

  it('takes the archive as it is after it was written anew', async () => {
    const folder = aDataFolder();
    const target = new FolderTarget(newFolder());
    let rewritten = false;
    const erasing = interrupted(target, (path) => {
      if (rewritten || !path.endsWith('.parquet')) return;
      rewritten = true;
      rmSync(join(folder, 'archive/orders'), { recursive: true });
      putBatch(folder, 1, 3, ['2026-02-01']);
    });
    await run(folder, erasing);
    expect(await restoreNewest(target)).toEqual(backedUp(folder));
  });

  it('does not count when a segment file vanishes and no batch holds it', async () => {
    const folder = aDataFolder();
    const target = new FolderTarget(newFolder());
    const losing = interrupted(target, () => rmSync(join(folder, `segments/${digits(5)}.ndjson`), { force: true }));
    await expect(run(folder, losing)).rejects.toThrow(/Segment file 5 is gone, and no archived batch holds it/);
    expect(await listBackups(target)).toEqual([]);
  });

  it('does not count when an archived file is not the one of its manifest', async () => {
    const folder = aDataFolder();
    const target = new FolderTarget(newFolder());
    appendFileSync(join(folder, `archive/orders/business_date=2026-02-07/${digits(1)}-${digits(3)}.parquet`), 'x');
    await expect(run(folder, target)).rejects.toThrow(/business_date=2026-02-07.* is not the file that its manifest/);
    expect(await listBackups(target)).toEqual([]);
  });

  it('waits until what was acknowledged is sealed', async () => {
    const folder = aDataFolder();
    const target = new FolderTarget(newFolder());
    const bytes = segmentBytes(['{"order_id":"6-0"}']);
    const path = join(folder, `segments/${digits(6)}.ndjson`);
    writeFileSync(path, bytes.subarray(0, -10));
    setTimeout(() => writeFileSync(path, bytes), 100);
    expect(await run(folder, target, { sealWithinMs: 10_000 })).toMatchObject({ leftOut: [], filesSent: 10 });
    expect(await restoreNewest(target)).toEqual(backedUp(folder));
  });

  it('names segment files that it leaves out, and why', async () => {
    const folder = aDataFolder();
    const target = new FolderTarget(newFolder());
    const bytes = segmentBytes(['{"order_id":"6-0"}', '{"order_id":"6-1"}']);
    putFile(folder, `segments/${digits(6)}.ndjson`, bytes.subarray(0, 30));
    const flipped = Buffer.from(bytes);
    flipped[20] = (flipped[20] ?? 0) ^ 1;
    putFile(folder, `segments/${digits(7)}.ndjson`, flipped);
    expect((await run(folder, target)).leftOut).toEqual([
      { path: `segments/${digits(6)}.ndjson`, why: 'open' },
      { path: `segments/${digits(7)}.ndjson`, why: 'damaged' },
    ]);
  });
});

describe('a backup that is killed', () => {
  it('does not count, wherever it dies, and the next one goes on from there', async () => {
    const folder = aDataFolder();
    const place = newFolder();
    const target = new FolderTarget(place);
    const dieAfter = (files: number): BackupTarget => {
      let begun = 0;
      return interrupted(target, () => {
        begun += 1;
        if (begun > files) throw new Error('killed');
      });
    };
    const there: number[] = [];
    for (let death = 0; death < 4; death += 1) {
      await expect(run(folder, dieAfter(1))).rejects.toThrow('killed');
      expect(await listBackups(target)).toEqual([]);
      there.push((await target.list('files/')).length);
    }
    expect(there).toEqual([...new Set(there)].sort((a, b) => a - b));
    mkdirSync(join(place, 'files/.drafts'), { recursive: true });
    writeFileSync(join(place, 'files/.drafts/half.1'), 'half');
    expect((await run(folder, target)).filesKept).toBe(there.at(-1));
    expect(await restoreNewest(target)).toEqual(backedUp(folder));
  });
});

describe('the check of a backup', () => {
  it('names each object that is missing, cut off or, deep, damaged', async () => {
    const place = newFolder();
    const target = new FolderTarget(place);
    const backup = await run(aDataFolder(), target);
    const manifest = await readManifest(target, backup);
    expect(await checkBackup(target, manifest, { deep: true })).toEqual([]);
    const [gone, cut, flipped] = manifest.files.map(({ key }) => key);
    rmSync(join(place, gone ?? ''));
    truncateSync(join(place, cut ?? ''), 1);
    writeFileSync(join(place, flipped ?? ''), 'tarn');
    const shallow = await checkBackup(target, manifest, { deep: false });
    expect(shallow).toEqual([`${gone} is missing.`, expect.stringContaining(`${cut} has 1 bytes`)]);
    expect(await checkBackup(target, manifest, { deep: true })).toContain(
      `${flipped} is damaged: its SHA-256 is another.`,
    );
  });
});
