import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../../../test/support/property.ts';
import { segmentBytes } from '../../../test/support/segments.ts';
import { temporaryFolders } from '../../../test/support/temporary-folders.ts';
import { frame } from './frame.ts';
import { recoverSegment } from './recover-segment.ts';

const newFolder = temporaryFolders();
const some = ['{"order_id":"A-1"}', '{"order_id":"A-2","name":"🍕"}', '{"order_id":"A-3"}'];

const writeFile = (bytes: Buffer): string => {
  const path = join(newFolder(), '000000000001.ndjson');
  writeFileSync(path, bytes);
  return path;
};

/** The records of a sealed file, after checking that the seal is right and that each line is JSON. */
const recordsOf = (path: string): string[] => {
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  const records = lines.slice(0, -1).map((line) => JSON.stringify(JSON.parse(line).r));
  expect(readFileSync(path)).toEqual(segmentBytes(records));
  return records;
};

/** How many of the framed records end before the cut. */
const wholeBefore = (records: readonly string[], cut: number): number => {
  let [end, whole] = [0, 0];
  for (const record of records) {
    end += Buffer.byteLength(frame(record));
    if (end <= cut) whole += 1;
  }
  return whole;
};

describe('recovery of a segment file that was cut off', () => {
  it('keeps every whole record and seals, wherever the cut is', async () => {
    const bytes = segmentBytes(some);
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      const path = writeFile(bytes.subarray(0, cut));
      const recovered = await recoverSegment(path);
      const kept = some.slice(0, wholeBefore(some, cut));
      expect(recovered.records).toBe(kept.length);
      if (recovered.outcome === 'empty') expect(existsSync(path)).toBe(false);
      else expect(recordsOf(path)).toEqual(kept);
    }
  });

  it('holds for any records and any garbage that follows', async () => {
    const record = fc.record({ a: fc.string({ unit: 'binary', maxLength: 40 }) }).map((one) => JSON.stringify(one));
    // The zero in front keeps a line break from completing the record before it.
    const garbage = fc.uint8Array({ maxLength: 60 }).map((tail) => Buffer.from([0, ...tail]));
    await fc.assert(
      fc.asyncProperty(
        fc.array(record, { minLength: 1, maxLength: 6 }),
        fc.nat(),
        garbage,
        async (records, dice, tail) => {
          const bytes = Buffer.from(records.map(frame).join(''));
          const cut = dice % (bytes.length + 1);
          const path = writeFile(Buffer.concat([bytes.subarray(0, cut), tail]));
          const kept = records.slice(0, wholeBefore(records, cut));
          expect((await recoverSegment(path)).records).toBe(kept.length);
          if (existsSync(path)) expect(recordsOf(path)).toEqual(kept);
        },
      ),
      runs(100),
    );
  });

  it('changes nothing the second time', async () => {
    const path = writeFile(segmentBytes(some).subarray(0, 60));
    await recoverSegment(path);
    const once = readFileSync(path);
    expect(await recoverSegment(path)).toMatchObject({ outcome: 'sealed', lostBytes: 0 });
    expect(readFileSync(path)).toEqual(once);
  });
});

describe('recovery of a segment file with damage amid whole records', () => {
  const damaged = segmentBytes(some);
  damaged[frame(some[0] ?? '').length + 20] = 0xff;

  it('keeps the other records in a sealed file, the damaged one in quarantine, and the file as it was beside it', async () => {
    const path = writeFile(damaged);
    const recovered = await recoverSegment(path);
    const offset = frame(some[0] ?? '').length;
    expect(recovered).toMatchObject({ outcome: 'mended', records: 3, damaged: [{ record: 2, offset }] });
    expect(recovered.lostBytes).toBeGreaterThan(0);
    const [first, reject = '', last] = recordsOf(path);
    expect([first, last]).toEqual([some[0], some[2]]);
    const damagedLine = damaged.subarray(offset, damaged.indexOf(0x0a, offset)).toString('base64');
    expect(JSON.parse(reject)).toMatchObject({ type: 'reject', code: 'damaged_record', bytes: damagedLine });
    expect(JSON.parse(reject).origin).toBe(`000000000001.ndjson, record 2, offset ${offset}`);
    expect(readFileSync(`${path}.damaged`)).toEqual(damaged);
  });

  it('keeps beside what is damaged at the end of a sealed file: no crash tears behind a seal', async () => {
    const last = segmentBytes(some);
    last[some.slice(0, 2).map(frame).join('').length + 20] = 0xff;
    const path = writeFile(last);
    expect(await recoverSegment(path)).toMatchObject({ outcome: 'mended', records: 3, damaged: [{ record: 3 }] });
    expect(readFileSync(`${path}.damaged`)).toEqual(last);
  });

  it('notices damage in a sealed file whose seal is whole', async () => {
    const path = writeFile(damaged);
    expect((await recoverSegment(path)).outcome).not.toBe('sealed');
  });
});

describe('recovery of a whole segment file', () => {
  it('leaves it as it is', async () => {
    const path = writeFile(segmentBytes(some));
    const bytes = readFileSync(path);
    expect(await recoverSegment(path)).toEqual({
      outcome: 'sealed',
      records: 3,
      bytes: bytes.length,
      lostBytes: 0,
      damaged: [],
    });
    expect(readFileSync(path)).toEqual(bytes);
  });

  it('seals a file that a clean stop had no time to seal', async () => {
    const path = writeFile(Buffer.from(some.map(frame).join('')));
    expect(await recoverSegment(path)).toMatchObject({ outcome: 'cut', records: 3, lostBytes: 0 });
    expect(recordsOf(path)).toEqual(some);
  });
});
