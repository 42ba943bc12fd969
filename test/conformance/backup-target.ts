import { createHash, randomBytes } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { backUp } from '../../src/backup/backup.ts';
import { checkBackup } from '../../src/backup/check-backup.ts';
import type { Digest } from '../../src/backup/digest.ts';
import { fetchFile, readAll } from '../../src/backup/fetch-object.ts';
import { chooseBackup, listBackups, readManifest } from '../../src/backup/manifest.ts';
import { prune } from '../../src/backup/prune.ts';
import { restoreFiles } from '../../src/backup/restore.ts';
import type { BackupTarget } from '../../src/backup/target.ts';
import { contentOf, putBatch, putFile, putSegment } from '../support/data-folders.ts';
import { temporaryFolders } from '../support/temporary-folders.ts';

/** What every backup target promises. `open` gives a new, empty one. */
export function testBackupTarget(name: string, open: () => Promise<BackupTarget>): void {
  describe(`the backup target ${name}`, () => {
    const newFolder = temporaryFolders();
    const targets: BackupTarget[] = [];
    const newTarget = async (): Promise<BackupTarget> => {
      const target = await open();
      targets.push(target);
      return target;
    };
    afterEach(async () => {
      for (const target of targets.splice(0)) await target.close();
    });

    const aFile = (bytes: Buffer): { path: string; digest: Digest } => {
      const path = join(newFolder(), 'file');
      writeFileSync(path, bytes);
      return { path, digest: { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') } };
    };
    const keysOf = async (target: BackupTarget, folder: string): Promise<string[]> =>
      (await target.list(folder)).map(({ key }) => key).sort();

    it('gives back what was put', async () => {
      const target = await newTarget();
      await target.put('files/keys.json.00', Buffer.from('[]\n🍕'));
      expect((await readAll(target, 'files/keys.json.00')).toString()).toBe('[]\n🍕');
      await target.put('files/keys.json.00', Buffer.from('other'));
      expect((await readAll(target, 'files/keys.json.00')).toString()).toBe('other');
    });

    it.each([0, 1, 3_000_000])('gives a file of %d bytes back as it was', async (size) => {
      const target = await newTarget();
      const { path, digest } = aFile(randomBytes(size));
      const key = `files/archive/orders/business_date=2026-02-08/1-2.parquet.${digest.sha256}`;
      await target.putFile(key, path, digest);
      const fetched = join(newFolder(), 'fetched');
      expect(await fetchFile(target, key, fetched)).toEqual(digest);
      expect(readFileSync(fetched).equals(readFileSync(path))).toBe(true);
      expect(await target.list('files/')).toEqual([{ key, bytes: size }]);
    });

    it('does not keep a file that vanished or changed since it was looked at', async () => {
      const target = await newTarget();
      const { path, digest } = aFile(randomBytes(1000));
      appendFileSync(path, 'x');
      await expect(target.putFile('files/a.1', path, digest)).rejects.toThrow();
      rmSync(path);
      await expect(target.putFile('files/a.1', path, digest)).rejects.toThrow(/is gone/);
      expect(await target.list('files/')).toEqual([]);
    });

    it('lists what lies below a folder, and nothing beside it', async () => {
      const target = await newTarget();
      for (const key of ['files/a.1', 'files/deep/er/b.2', 'files.txt', 'backups/c.json'])
        await target.put(key, Buffer.from(key));
      expect(await keysOf(target, 'files/')).toEqual(['files/a.1', 'files/deep/er/b.2']);
      expect(await target.list('backups/')).toEqual([{ key: 'backups/c.json', bytes: 14 }]);
      expect(await target.list('nothing/')).toEqual([]);
    });

    it('removes objects, also those that are gone already', async () => {
      const target = await newTarget();
      for (const key of ['files/a.1', 'files/b.2', 'files/c.3']) await target.put(key, Buffer.from(key));
      await target.remove(['files/a.1', 'files/never.0', 'files/c.3']);
      expect(await keysOf(target, 'files/')).toEqual(['files/b.2']);
      await target.remove([]);
    });

    it('lists and removes more objects than one answer holds', async () => {
      const target = await newTarget();
      const keys = Array.from({ length: 1_050 }, (_, index) => `files/${String(index).padStart(4, '0')}`);
      for (let at = 0; at < keys.length; at += 50)
        await Promise.all(keys.slice(at, at + 50).map((key) => target.put(key, Buffer.from('x'))));
      expect(await keysOf(target, 'files/')).toEqual(keys);
      await target.remove(keys);
      expect(await target.list('files/')).toEqual([]);
    });

    it('says which object there is not, where, and what to do', async () => {
      const target = await newTarget();
      const reading = readAll(target, 'files/none.0');
      await expect(reading).rejects.toThrow(target.name);
      await expect(reading).rejects.toThrow('files/none.0');
      await expect(reading).rejects.toThrow('"slicehouse backup --check" names everything');
    });

    it('carries a data folder from backup to backup and back', async () => {
      const target = await newTarget();
      const folder = newFolder();
      putBatch(folder, 1, 3);
      putSegment(folder, 4, 100);
      putFile(folder, 'archive/reference/000001-stores.ndjson', '{"store_id":"s-1"}\n');
      putFile(folder, 'keys.json', '[]\n');
      await backUp({ folder, target, nowMs: 1, sealWithinMs: 0 });
      putSegment(folder, 5);
      const second = await backUp({ folder, target, nowMs: 2, sealWithinMs: 0 });
      expect(second).toMatchObject({ filesSent: 1, filesKept: 6 });
      expect(await prune(target, 1)).toMatchObject({ backups: 1, files: 0 });
      expect(await listBackups(target)).toHaveLength(1);
      const backup = await chooseBackup(target);
      expect(await checkBackup(target, await readManifest(target, backup), { deep: true })).toEqual([]);
      const restored = join(newFolder(), 'restored');
      await restoreFiles({ target, backup, folder: restored });
      expect(contentOf(restored)).toEqual(contentOf(folder));
      expect(existsSync(join(restored, 'restore-unfinished'))).toBe(false);
    });
  });
}
