import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { contentOf, digits, putBatch, putFile, putSegment } from '../../test/support/data-folders.ts';
import { temporaryFolders } from '../../test/support/temporary-folders.ts';
import { backUp } from './backup.ts';
import { checkBackup } from './check-backup.ts';
import { FolderTarget } from './folder/folder-target.ts';
import { listBackups, readManifest } from './manifest.ts';
import { prune } from './prune.ts';

const newFolder = temporaryFolders();

/** Four backups of a folder whose segment files are archived one after the other. */
const fourBackups = async (): Promise<{ place: string; target: FolderTarget; names: string[] }> => {
  const [folder, place] = [newFolder(), newFolder()];
  const target = new FolderTarget(place);
  const names: string[] = [];
  for (let sequence = 1; sequence <= 4; sequence += 1) {
    putSegment(folder, sequence);
    names.unshift((await backUp({ folder, target, nowMs: sequence, sealWithinMs: 0 })).name);
    putBatch(folder, sequence, sequence);
    rmSync(join(folder, `segments/${digits(sequence)}.ndjson`));
  }
  return { place, target, names };
};

it('keeps the newest backups whole and removes what only older ones name', async () => {
  const { target, names } = await fourBackups();
  const before = (await target.list('files/')).length;
  const pruned = await prune(target, 2);
  expect(pruned).toMatchObject({ backups: 2, files: 2 });
  const kept = await listBackups(target);
  expect(kept.map(({ name }) => name)).toEqual(names.slice(0, 2));
  for (const backup of kept)
    expect(await checkBackup(target, await readManifest(target, backup), { deep: true })).toEqual([]);
  const keys = (await target.list('files/')).map(({ key }) => key);
  expect(keys).toHaveLength(before - 2);
  expect(keys.filter((key) => /segments\/00000000000[12]/.test(key))).toEqual([]);
  expect(await prune(target, 2)).toEqual({ backups: 0, files: 0, bytes: 0 });
});

it('removes what a killed backup left behind, and nothing that is not of a backup', async () => {
  const { place, target } = await fourBackups();
  putFile(place, 'files/.drafts/half.1', 'half');
  putFile(place, 'files/segments/000000000009.ndjson.0123', 'sent and never named');
  putFile(place, 'photos/cat.jpg', 'not ours');
  putFile(place, 'backups/notes.txt', 'not ours');
  expect(await prune(target, 4)).toMatchObject({ backups: 0, files: 2 });
  expect(contentOf(place)).toMatchObject({ 'photos/cat.jpg': 'not ours', 'backups/notes.txt': 'not ours' });
});

it('removes nothing when a manifest that is to be kept cannot be read', async () => {
  const { place, target, names } = await fourBackups();
  const path = join(place, `backups/${names[1]}.json`);
  writeFileSync(path, '{"sha256":"00","manifest":{}}\n');
  const before = contentOf(place);
  await expect(prune(target, 2)).rejects.toThrow(`backups/${names[1]}.json is damaged`);
  expect(contentOf(place)).toEqual(before);
  expect(await prune(target, 1)).toMatchObject({ backups: 3 });
});
