import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../../../test/support/property.ts';
import { segmentBytes } from '../../../test/support/segments.ts';
import { temporaryFolders } from '../../../test/support/temporary-folders.ts';
import { frame } from './frame.ts';
import { isIntact } from './is-intact.ts';
import { inspectSealed } from './recover-segment.ts';

const newFolder = temporaryFolders();
const recordOf = (id: number, source = 'till'): string =>
  JSON.stringify({ type: 'order', source, order_id: `A-${id}`, accepted_at_ms: 1_000 + id });
const recordsTo = (count: number): string[] => Array.from({ length: count }, (_, index) => recordOf(index + 1));

interface Sealed {
  readonly sequence: number;
  readonly path: string;
  readonly records: number;
  readonly bytes: number;
  readonly sealedAtMs: number;
}

/** Writes a sealed file, then what became of it; the segment is as it was when it was sealed. */
const damagedFile = (records: readonly string[], damage: (bytes: Buffer) => Buffer): Sealed => {
  const path = join(newFolder(), '000000000007.ndjson');
  const bytes = segmentBytes(records);
  writeFileSync(path, damage(Buffer.from(bytes)));
  return { sequence: 7, path, records: records.length, bytes: bytes.length, sealedAtMs: 5_000 };
};

/** What a mended file holds: whole records as their text, rejects as objects. */
const contentOf = (path: string): (string | Record<string, unknown>)[] => {
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n').slice(0, -1);
  const records = lines.map((line) => JSON.stringify(JSON.parse(line).r));
  expect(readFileSync(path)).toEqual(segmentBytes(records));
  return records.map((record) => (record.startsWith('{"type":"reject"') ? JSON.parse(record) : record));
};

const besides = (path: string): string[] => readdirSync(dirname(path)).filter((name) => name !== basename(path));
const changed =
  (at: number, value: number) =>
  (bytes: Buffer): Buffer => {
    bytes[at] = value;
    return bytes;
  };
const lengthOf = (records: readonly string[]): number => Buffer.byteLength(records.map(frame).join(''));

describe('a sealed segment file', () => {
  it('that is as it was is left alone', async () => {
    const segment = damagedFile(recordsTo(3), (bytes) => bytes);
    expect(await inspectSealed(segment)).toMatchObject({ outcome: 'sealed', records: 3 });
    expect(besides(segment.path)).toEqual([]);
  });

  it('has a reject with the exact bytes, sender and time in the place of a damaged record', async () => {
    const records = recordsTo(3);
    const offset = lengthOf(records.slice(0, 1));
    const segment = damagedFile(records, changed(offset + 60, 0xff));
    const before = readFileSync(segment.path);
    const { outcome, damaged } = await inspectSealed(segment);
    const length = lengthOf(records.slice(1, 2)) - 1;
    expect({ outcome, damaged }).toEqual({ outcome: 'mended', damaged: [{ record: 2, offset, bytes: length }] });
    const [first, reject, third] = contentOf(segment.path);
    expect([first, third]).toEqual([records[0], records[2]]);
    expect(reject).toMatchObject({
      code: 'damaged_record',
      source: 'till',
      origin: `000000000007.ndjson, record 2, offset ${offset}`,
      bytes: before.subarray(offset, offset + length).toString('base64'),
      accepted_at_ms: 1_001,
    });
    expect(readFileSync(`${segment.path}.damaged`)).toEqual(before);
  });

  it('believes no sender that only a damaged record names', async () => {
    // "till" becomes "Xill".
    const segment = damagedFile(recordsTo(2), changed(frame(recordOf(1)).indexOf('till'), 0x58));
    await inspectSealed(segment);
    expect(contentOf(segment.path)[0]).toMatchObject({ source: 'unknown', accepted_at_ms: 1_002 });
  });

  it('loses no record when only a line break or the seal is damaged', async () => {
    const records = recordsTo(3);
    for (const at of [lengthOf(records.slice(0, 2)) - 1, lengthOf(records) + 8, lengthOf(records) - 1]) {
      const segment = damagedFile(records, changed(at, 0x20));
      expect(await inspectSealed(segment)).toMatchObject({ outcome: 'mended', records: 3, damaged: [] });
      expect(contentOf(segment.path)).toEqual(records);
    }
  });

  it('counts a record once whose bytes got a line break, and each of several that were written over', async () => {
    const records = recordsTo(6);
    const broken = damagedFile(records, changed(lengthOf(records.slice(0, 2)) + 40, 0x0a));
    expect(await inspectSealed(broken)).toMatchObject({ records: 6, damaged: [{ record: 3 }] });
    const [from, to] = [lengthOf(records.slice(0, 1)) + 5, lengthOf(records.slice(0, 4)) - 5];
    const zeros = damagedFile(records, (bytes) => bytes.fill(0, from, to));
    expect(await inspectSealed(zeros)).toMatchObject({
      records: 6,
      damaged: [{ record: 2 }, { record: 3, bytes: 0 }, { record: 4, bytes: 0 }],
    });
    expect(contentOf(zeros.path).filter((one) => typeof one === 'string')).toEqual([records[0], ...records.slice(4)]);
  });

  it('has a reject for each record that was cut off', async () => {
    const records = recordsTo(4);
    const cut = damagedFile(records, (bytes) => bytes.subarray(0, lengthOf(records.slice(0, 2)) + 10));
    expect(await inspectSealed(cut)).toMatchObject({ records: 4, damaged: [{ record: 3 }, { record: 4 }] });
    const gone = damagedFile(records, (bytes) => bytes.subarray(0, 0));
    expect(await inspectSealed(gone)).toMatchObject({ records: 4 });
  });

  it('that is damaged again keeps both forms beside it', async () => {
    const records = recordsTo(3);
    const segment = damagedFile(records, changed(60, 0xff));
    const { records: count, bytes } = await inspectSealed(segment);
    const mended = { ...segment, records: count, bytes };
    expect(await isIntact(mended)).toBe(true);
    writeFileSync(segment.path, changed(bytes - lengthOf(records.slice(2)) - 20, 0xff)(readFileSync(segment.path)));
    await inspectSealed(mended);
    expect(besides(segment.path)).toEqual(['000000000007.ndjson.damaged', '000000000007.ndjson.damaged-2']);
  });

  it('keeps what is whole and counts right, whatever bytes change in it', async () => {
    const change = fc.record({ at: fc.nat(), value: fc.nat({ max: 255 }) });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 8 }),
        fc.array(change, { minLength: 1, maxLength: 4 }),
        async (count, changes) => {
          const records = recordsTo(count);
          const segment = damagedFile(records, (bytes) => {
            for (const { at, value } of changes) bytes[at % bytes.length] = value;
            return bytes;
          });
          const ends = records.map((_, index) => lengthOf(records.slice(0, index + 1)));
          const recordAt = (at: number): number => ends.findIndex((end) => at % segment.bytes < end);
          // A line break belongs to both its neighbours.
          const hit = new Set(changes.flatMap(({ at }) => [recordAt(at), recordAt(at + 1)]));
          await inspectSealed(segment);
          const content = contentOf(segment.path);
          expect(content).toHaveLength(count);
          for (const [index, record] of records.entries()) if (!hit.has(index)) expect(content).toContain(record);
        },
      ),
      runs(300),
    );
  });
});
