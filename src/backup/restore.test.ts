import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { contentOf, putBatch, putFile, putSegment } from '../../test/support/data-folders.ts';
import { temporaryFolders } from '../../test/support/temporary-folders.ts';
import { backUp } from './backup.ts';
import { FolderTarget } from './folder/folder-target.ts';
import { type BackupName, chooseBackup, parseBackupTime, readManifest, writeManifest } from './manifest.ts';
import { restoreFiles } from './restore.ts';
import { refuseUnfinished } from './restore-marker.ts';

const newFolder = temporaryFolders();
const takenAtMs = Date.UTC(2026, 1, 8, 18, 31, 7, 250);
let place: string;
let target: FolderTarget;
let backup: BackupName;

/** A new target with one backup for every test that damages it. */
const aBackup = async (): Promise<{ place: string; target: FolderTarget; backup: BackupName }> => {
  const [folder, place] = [newFolder(), newFolder()];
  putBatch(folder, 1, 2);
  putSegment(folder, 3);
  putFile(folder, 'keys.json', '[]\n');
  const target = new FolderTarget(place);
  return { place, target, backup: await backUp({ folder, target, nowMs: takenAtMs, sealWithinMs: 0 }) };
};

beforeAll(async () => {
  ({ place, target, backup } = await aBackup());
});

it('makes a folder that only its owner may read', async () => {
  const folder = join(newFolder(), 'deep/restored');
  await restoreFiles({ target, backup, folder });
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(statSync(join(folder, 'keys.json')).mode & 0o777).toBe(0o600);
  expect(existsSync(join(folder, 'segments'))).toBe(true);
  expect(() => refuseUnfinished(folder)).not.toThrow();
});

it('refuses a folder that is not empty, and leaves it as it was', async () => {
  const folder = newFolder();
  putFile(folder, 'warehouse.duckdb', 'precious');
  await expect(restoreFiles({ target, backup, folder })).rejects.toThrow(/is not empty/);
  expect(contentOf(folder)).toEqual({ 'warehouse.duckdb': 'precious' });
});

it('names the object that is damaged, and marks what it leaves behind', async () => {
  const { place, target, backup } = await aBackup();
  const { key } = (await readManifest(target, backup)).files.find(({ path }) => path === 'keys.json') ?? { key: '' };
  writeFileSync(join(place, key), '{}\n');
  const folder = join(newFolder(), 'restored');
  await expect(restoreFiles({ target, backup, folder })).rejects.toThrow(`${key} is damaged`);
  expect(readFileSync(join(folder, 'restore-unfinished'), 'utf8')).toContain(backup.name);
  expect(() => refuseUnfinished(folder)).toThrow(/restore that did not finish/);
  await expect(restoreFiles({ target, backup, folder })).rejects.toThrow(/restore that did not finish/);
});

it('names the object that is missing, and marks what it leaves behind', async () => {
  const { place, target, backup } = await aBackup();
  const [gone] = (await readManifest(target, backup)).files;
  rmSync(join(place, gone?.key ?? ''));
  const folder = join(newFolder(), 'restored');
  await expect(restoreFiles({ target, backup, folder })).rejects.toThrow(`cannot read ${gone?.key}`);
  expect(() => refuseUnfinished(folder)).toThrow(/restore that did not finish/);
});

it('notices any damage in the list of a backup', async () => {
  const { place, target, backup } = await aBackup();
  const path = join(place, `backups/${backup.name}.json`);
  const whole = readFileSync(path);
  for (let at = 0; at < whole.length; at += 7) {
    const flipped = Buffer.from(whole);
    flipped[at] = (flipped[at] ?? 0) ^ 1;
    writeFileSync(path, flipped);
    await expect(readManifest(target, backup)).rejects.toThrow(/is damaged/);
  }
});

it('writes nothing outside its folder, whatever a list of files says', async () => {
  const { place, target, backup } = await aBackup();
  const manifest = await readManifest(target, backup);
  const sha256 = '0'.repeat(64);
  for (const path of ['../escaped', '/tmp/escaped', 'segments/../../escaped', 'a\\..\\b']) {
    const file = { path, key: `files/${path}.${sha256}`, bytes: 0, sha256 };
    await writeManifest(target, backup, { ...manifest, files: [file] });
    const parent = newFolder();
    await expect(restoreFiles({ target, backup, folder: join(parent, 'restored') })).rejects.toThrow(/not written by/);
    expect(readdirSync(parent)).toEqual([]);
  }
  expect(readdirSync(place).sort()).toEqual(['backups', 'files']);
});

it('finds the newest backup at or before a time', async () => {
  const later = await backUp({ folder: await restored(), target, nowMs: takenAtMs + 60_000, sealWithinMs: 0 });
  expect(await chooseBackup(target)).toMatchObject({ name: later.name });
  for (const written of [backup.name, '2026-02-08T18:31:30Z', '2026-02-08T12:31:30-06:00'])
    expect((await chooseBackup(target, parseBackupTime(written))).name).toBe(backup.name);
  await expect(chooseBackup(target, parseBackupTime('2026-02-08T18:31:07Z'))).rejects.toThrow(
    `the oldest is ${backup.name}`,
  );
  await expect(chooseBackup(new FolderTarget(join(place, 'nowhere')))).rejects.toThrow(/There is no backup in/);
  expect(parseBackupTime('yesterday')).toBeUndefined();
});

async function restored(): Promise<string> {
  const folder = join(newFolder(), 'restored');
  await restoreFiles({ target, backup, folder });
  return folder;
}
