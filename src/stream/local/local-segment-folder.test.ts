import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { anOrder, delivered } from '../../../test/support/orders.ts';
import { writeSegment } from '../../../test/support/segments.ts';
import { temporaryFolders } from '../../../test/support/temporary-folders.ts';
import { LocalSegmentFolder } from './local-segment-folder.ts';

const newFolder = temporaryFolders();

function aFile(records = 3) {
  const folder = newFolder();
  const orders = Array.from({ length: records }, (_, index) => delivered(anOrder({ order_id: `A-${index}` })));
  const file = writeSegment(folder, 7, orders);
  const checked = () => new LocalSegmentFolder(folder).check(file);
  return { folder, file, bytes: readFileSync(file.path), checked };
}

describe('checking a segment file', () => {
  it('finds a sealed file whole, however large', async () => {
    expect(await aFile().checked()).toMatchObject({
      sequence: 7,
      state: 'whole',
      records: 3,
      damage: [],
      isTorn: false,
    });
    const { checked, file } = aFile(2_000);
    expect(file.bytes).toBeGreaterThan(2 * 256 * 1024);
    expect(await checked()).toMatchObject({ state: 'whole', records: 2_000, bytes: file.bytes });
  });

  it('finds every flipped bit', async () => {
    const { file, bytes, checked } = aFile();
    for (let at = 0; at < bytes.length; at += 13) {
      const flipped = Buffer.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ 1;
      writeFileSync(file.path, flipped);
      expect((await checked())?.state).not.toBe('whole');
    }
  });

  it('names record and byte of damage', async () => {
    const { file, bytes, checked } = aFile();
    const second = bytes.indexOf(0x0a) + 1;
    bytes[second + 100] = (bytes[second + 100] ?? 0) ^ 1;
    writeFileSync(file.path, bytes);
    expect(await checked()).toMatchObject({ state: 'damaged', records: 2, damage: [{ record: 2, offset: second }] });
  });

  it('takes a file without a seal for open, torn or not', async () => {
    const { file, bytes, checked } = aFile();
    const sealAt = bytes.lastIndexOf(0x0a, -2) + 1;
    truncateSync(file.path, sealAt);
    expect(await checked()).toMatchObject({ state: 'open', sealed: false, records: 3, isTorn: false });
    truncateSync(file.path, sealAt - 5);
    expect(await checked()).toMatchObject({ state: 'open', records: 2, isTorn: true });
  });

  it('finds what was written behind a seal', async () => {
    const { file, bytes, checked } = aFile();
    writeFileSync(file.path, Buffer.concat([bytes, bytes.subarray(0, bytes.indexOf(0x0a) + 1)]));
    expect(await checked()).toMatchObject({ state: 'damaged', sealed: true });
  });

  it('finds nothing when the file is gone', async () => {
    const { file, checked } = aFile();
    rmSync(file.path);
    expect(await checked()).toBeUndefined();
  });
});

describe('listing a folder', () => {
  it('gives segment files in their order, and the names of what was set aside', async () => {
    const folder = newFolder();
    for (const name of [
      '000000000010.ndjson',
      '000000000009.ndjson',
      '000000000009.ndjson.damaged',
      '9.ndjson',
      'note',
    ])
      writeFileSync(join(folder, name), '');
    const { segments, setAside } = await new LocalSegmentFolder(folder).list();
    expect(segments.map(({ sequence }) => sequence)).toEqual([9, 10]);
    expect(setAside).toEqual(['000000000009.ndjson.damaged']);
  });
});
