import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolders } from '../../test/support/temporary-folders.ts';
import { Keys } from './keys.ts';

const newFolder = temporaryFolders();

describe('the keys of a data folder', () => {
  it('are found by their full text, and by nothing less', async () => {
    const keys = new Keys(newFolder());
    const written = await keys.create('till', 'ingest');
    expect(keys.find(written)).toMatchObject({ source: 'till', role: 'ingest' });
    for (const other of ['', written.slice(0, -1), `${written} `, written.toUpperCase()])
      expect(keys.find(other)).toBeUndefined();
  });

  it('are stored as hashes, for the owner alone to read', async () => {
    const folder = newFolder();
    const written = await new Keys(folder).create('till', 'admin');
    const path = join(folder, 'keys.json');
    expect(readFileSync(path, 'utf8')).not.toContain(written.slice(12));
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('are there for the next process', async () => {
    const folder = newFolder();
    const written = await new Keys(folder).create('till', 'read');
    expect(new Keys(folder).find(written)?.role).toBe('read');
  });

  it('are worthless once revoked; revoking what is not there says so', async () => {
    const keys = new Keys(newFolder());
    const written = await keys.create('till', 'read');
    const id = keys.list()[0]?.id ?? '';
    expect(await keys.revoke(id)).toBe(true);
    expect(keys.find(written)).toBeUndefined();
    expect(await keys.revoke(id)).toBe(false);
  });

  it('are all different', async () => {
    const keys = new Keys(newFolder());
    const written = [await keys.create('a', 'read'), await keys.create('a', 'read'), await keys.create('a', 'read')];
    expect(new Set(written).size).toBe(3);
    expect(keys.list()).toHaveLength(3);
  });
});
