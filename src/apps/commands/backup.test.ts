import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { contentOf, putFile, putSegment } from '../../../test/support/data-folders.ts';
import { post, testHouses } from '../../../test/support/houses.ts';
import { anOrder } from '../../../test/support/orders.ts';
import { temporaryFolders } from '../../../test/support/temporary-folders.ts';
import { dataFolder } from '../data-folder.ts';
import { listen, UsageError } from '../serve.ts';
import { backupCommand } from './backup.ts';
import { restoreCommand } from './restore.ts';

const newFolder = temporaryFolders();
const openHouse = testHouses();
const rebuilt: string[] = [];

afterEach(() => {
  process.exitCode = undefined;
  rebuilt.length = 0;
});

/** Runs a command as the command line does; gives what it prints to standard output. */
const run = async (...words: string[]): Promise<string> => {
  const program = new Command('slicehouse').exitOverride().configureOutput({ writeErr: () => undefined });
  backupCommand(program);
  restoreCommand(program, async (dataDir) => {
    if (existsSync(join(dataDir, 'restore-unfinished'))) throw new Error('The files are not restored.');
    rebuilt.push(dataDir);
  });
  const printed: string[] = [];
  const spy = vi.spyOn(process.stdout, 'write').mockImplementation((text) => printed.push(String(text)) > 0);
  try {
    await program.parseAsync(['node', 'slicehouse', ...words]);
  } finally {
    spy.mockRestore();
  }
  return printed.join('');
};

const aDataFolder = (): string => {
  const folder = newFolder();
  putSegment(folder, 1);
  return folder;
};

const orderIdsIn = (folder: string): Set<string> => {
  const names = readdirSync(join(folder, 'segments'));
  const lines = names.flatMap((name) =>
    readFileSync(join(folder, 'segments', name), 'utf8')
      .trimEnd()
      .split('\n'),
  );
  return new Set(lines.map((line) => JSON.parse(line).r?.order_id));
};

describe('slicehouse backup', () => {
  it('has every order that was acknowledged before, while more arrive', async () => {
    const house = await openHouse({ port: 0, sealAfterMs: 300 });
    await listen(house);
    const taken: string[] = [];
    let posting = true;
    const poster = (async () => {
      for (let id = 0; posting; id += 1) {
        const answer = await post(house, anOrder({ order_id: `A-${id}` }));
        if (answer.status === 202) taken.push(`A-${id}`);
      }
    })();
    await vi.waitFor(() => expect(taken.length).toBeGreaterThan(20));
    const place = newFolder();
    const before = [...taken];
    const answer = JSON.parse(await run('backup', place, '--data-dir', house.folder.path, '--json'));
    posting = false;
    await poster;
    expect(answer).toMatchObject({ target: place, left_out: [] });
    const restored = join(newFolder(), 'restored');
    await run('restore', place, '--data-dir', restored);
    const found = orderIdsIn(restored);
    expect(before.filter((id) => !found.has(id))).toEqual([]);
    expect(rebuilt).toEqual([restored]);
    expect(existsSync(dataFolder(restored).server)).toBe(false);
  });

  it('names what is not sealed when no server runs, and fails', async () => {
    const folder = aDataFolder();
    putFile(folder, 'segments/000000000002.ndjson', '{"c":"00');
    expect(await run('backup', newFolder(), '--data-dir', folder)).toMatch(
      /Not in it: segments\/000000000002.ndjson is not sealed/,
    );
    expect(process.exitCode).toBe(1);
  });

  it('lists, checks and prunes', async () => {
    const [folder, place] = [aDataFolder(), newFolder()];
    expect(await run('backup', place, '--list')).toBe(`There is no backup in ${place}.\n`);
    for (let sequence = 2; sequence <= 4; sequence += 1) {
      await run('backup', place, '--data-dir', folder);
      putSegment(folder, sequence);
    }
    const listed = JSON.parse(await run('backup', place, '--list', '--json'));
    expect(listed.map(({ files }: { files: number }) => files)).toEqual([3, 2, 1]);
    expect(JSON.parse(await run('backup', place, '--check', '--json'))).toMatchObject({ ok: true, files: 3 });
    const last = JSON.parse(await run('backup', place, '--data-dir', folder, '--prune', '2', '--json'));
    expect(last).toMatchObject({ files_sent: 1, files_kept: 3, pruned: { backups: 2, files: 0 } });
    expect(await run('backup', place, '--check', '--deep')).toMatch(/is whole: 4 files, .*every byte read/);
    expect(process.exitCode).toBeUndefined();
  });

  it('fails a check that finds damage, and names the object', async () => {
    const [folder, place] = [aDataFolder(), newFolder()];
    await run('backup', place, '--data-dir', folder);
    const [name = ''] = readdirSync(join(place, 'files/segments'));
    const path = join(place, 'files/segments', name);
    writeFileSync(path, readFileSync(path, 'utf8').replace('1-0', '1-9'));
    expect(JSON.parse(await run('backup', place, '--check', '--json'))).toMatchObject({ ok: true });
    const checked = JSON.parse(await run('backup', place, '--check', '--deep', '--json'));
    expect(checked).toMatchObject({ ok: false, problems: [expect.stringContaining(name)] });
    expect(process.exitCode).toBe(1);
  });

  it('refuses a second backup of a data folder while one runs, and takes over from one that died', async () => {
    const [folder, place] = [aDataFolder(), newFolder()];
    writeFileSync(join(folder, 'backup.lock'), String(process.ppid));
    await expect(run('backup', place, '--data-dir', folder)).rejects.toThrow(`Process ${process.ppid} makes a backup`);
    writeFileSync(join(folder, 'backup.lock'), '999999999');
    await run('backup', place, '--data-dir', folder);
    expect(existsSync(join(folder, 'backup.lock'))).toBe(false);
  });

  it.each([
    ['an address that is none', ['backup', 's3://key:secret@bucket/x']],
    ['another scheme', ['backup', 'ftp://server/x']],
    ['a data folder that is not there', ['backup', '/tmp', '--data-dir', '/nowhere/at/all']],
    ['a time without a check', ['backup', '/tmp', '--at', '2026-02-08T18:31:07Z']],
  ])('says that %s is wrong usage, and repeats no secret', async (_what, words) => {
    const refused = run(...words);
    await expect(refused).rejects.toBeInstanceOf(UsageError);
    await expect(refused).rejects.not.toThrow('secret');
  });

  it('does not back up into the data folder itself', async () => {
    const folder = aDataFolder();
    await expect(run('backup', join(folder, 'backups'), '--data-dir', folder)).rejects.toBeInstanceOf(UsageError);
  });
});

describe('slicehouse restore', () => {
  it('takes the backup of a time, and gives figures', async () => {
    const [folder, place] = [aDataFolder(), newFolder()];
    const first = JSON.parse(await run('backup', place, '--data-dir', folder, '--json'));
    const before = contentOf(folder);
    putSegment(folder, 2);
    await run('backup', place, '--data-dir', folder);
    const restored = join(newFolder(), 'restored');
    const said = JSON.parse(await run('restore', place, '--data-dir', restored, '--at', first.backup, '--json'));
    expect(said).toMatchObject({ backup: first.backup, files: 1, records: { segments: 2 }, data_dir: restored });
    expect(contentOf(restored)).toEqual(before);
    await expect(run('restore', place, '--at', 'yesterday')).rejects.toThrow(/name of a backup/);
  });

  it('does not rebuild what is damaged', async () => {
    const [folder, place] = [aDataFolder(), newFolder()];
    await run('backup', place, '--data-dir', folder);
    rmSync(join(place, 'files'), { recursive: true });
    await expect(run('restore', place, '--data-dir', join(newFolder(), 'restored'))).rejects.toThrow(/It is missing/);
    expect(rebuilt).toEqual([]);
  });

  it('refuses a folder with something in it', async () => {
    const [folder, place] = [aDataFolder(), newFolder()];
    await run('backup', place, '--data-dir', folder);
    await expect(run('restore', place, '--data-dir', folder)).rejects.toThrow(/is not empty/);
  });
});
