import { appendFileSync, copyFileSync, linkSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anOrder, delivered } from '../../../test/support/orders.ts';
import { runs } from '../../../test/support/property.ts';
import { segmentBytes, writeSegment } from '../../../test/support/segments.ts';
import { temporaryFolders } from '../../../test/support/temporary-folders.ts';
import type { SegmentFile } from '../../contract/segment-file.ts';
import { checkSetAside, setAsideSequence } from './check-set-aside.ts';
import { inspectSealed, recoverSegment } from './recover-segment.ts';
import { setRecordsAside } from './set-records-aside.ts';

const newFolder = temporaryFolders();
const orderOf = (id: number) => delivered(anOrder({ order_id: `A-${id}` }));

function aSegment(records = 5): { folder: string; segment: SegmentFile } {
  const folder = newFolder();
  return {
    folder,
    segment: writeSegment(
      folder,
      7,
      Array.from({ length: records }, (_, id) => orderOf(id)),
    ),
  };
}

/** The checks of all that lies beside the segment file. */
async function checksIn(folder: string) {
  const names = readdirSync(folder).filter((name) => setAsideSequence(name) !== undefined);
  return Promise.all(names.map((name) => checkSetAside(folder, name)));
}

const nothing = { sequence: 7, segment: 'there', records: 0, stretches: 0 };

describe('a file that was set aside', () => {
  it('holds nothing that its segment file does not, however that was damaged', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ at: fc.nat(4_000), value: fc.nat(255) }), { minLength: 1, maxLength: 6 }),
        fc.boolean(),
        async (changes, atStart) => {
          const { folder, segment } = aSegment();
          const bytes = readFileSync(segment.path);
          for (const { at, value } of changes) bytes[at % bytes.length] = value;
          writeFileSync(segment.path, bytes);
          await (atStart ? recoverSegment(segment.path) : inspectSealed(segment));
          for (const check of await checksIn(folder)) {
            expect(check).toMatchObject({ sequence: 7, segment: 'there', records: 0 });
            // Without a seal nobody knows whether a damaged end was a record.
            if (!atStart) expect(check?.stretches).toBe(0);
          }
          rmSync(folder, { recursive: true });
        },
      ),
      runs(100, 2_000),
    );
  });

  it('holds nothing else when the warehouse could not read some of its records', async () => {
    const { folder, segment } = aSegment();
    await setRecordsAside(segment, [
      { record: 2, reason: 'No.' },
      { record: 5, reason: 'No.' },
    ]);
    expect(await checksIn(folder)).toEqual([{ ...nothing, name: `${basename(segment.path)}.unreadable` }]);
  });

  it('holds a whole record that was damaged later in the file that took its place', async () => {
    const { folder, segment } = aSegment();
    copyFileSync(segment.path, `${segment.path}.damaged`);
    const bytes = readFileSync(segment.path);
    bytes[200] = (bytes[200] ?? 0) ^ 1;
    writeFileSync(segment.path, bytes);
    await inspectSealed(segment);
    expect(await checksIn(folder)).toMatchObject([
      { name: `${basename(segment.path)}.damaged`, records: 1, stretches: 0 },
      { name: `${basename(segment.path)}.damaged-2`, records: 0, stretches: 0 },
    ]);
  });

  it('holds all that is in it when its segment file is gone, but for a torn tail', async () => {
    const { folder, segment } = aSegment(3);
    const alone = `${segment.path}.damaged`;
    const lines = readFileSync(segment.path, 'utf8').split('\n');
    writeFileSync(alone, `${lines[0]}\n${lines[1]}\nrubbish\n${lines[2]?.slice(0, 50)}`);
    rmSync(segment.path);
    expect(await checksIn(folder)).toMatchObject([{ segment: 'gone', records: 2, stretches: 1 }]);
  });

  it('holds what was written behind the records of its segment file', async () => {
    const { folder, segment } = aSegment(2);
    writeFileSync(`${segment.path}.damaged`, readFileSync(segment.path));
    appendFileSync(`${segment.path}.damaged`, segmentBytes([JSON.stringify(orderOf(9))]));
    expect(await checksIn(folder)).toMatchObject([{ records: 1, stretches: 0 }]);
  });

  it('may be the segment file itself, about to be mended', async () => {
    const { folder, segment } = aSegment();
    appendFileSync(segment.path, 'rubbish\n');
    linkSync(segment.path, `${segment.path}.damaged`);
    expect(await checksIn(folder)).toMatchObject([nothing]);
  });

  it('may be gone, or no such file', async () => {
    const { folder } = aSegment();
    expect(await checkSetAside(folder, '000000000007.ndjson.damaged')).toBeUndefined();
    writeFileSync(join(folder, 'note.damaged'), '');
    expect(await checkSetAside(folder, 'note.damaged')).toBeUndefined();
    expect(setAsideSequence('000000000012.ndjson.unreadable-3')).toBe(12);
    for (const name of [
      '000000000012.ndjson',
      '12.ndjson.damaged',
      '000000000012.ndjson.damaged-',
      '000000000012.ndjson.mended',
    ])
      expect(setAsideSequence(name)).toBeUndefined();
  });
});
