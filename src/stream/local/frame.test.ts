import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../../../test/support/property.ts';
import { frame, isWholeRecord, parseSeal, sealLine } from './frame.ts';

const record = fc
  .record({ text: fc.string({ unit: 'binary' }), number: fc.integer() })
  .map((one) => JSON.stringify(one));
const lineOf = (framed: string): Buffer => Buffer.from(framed.slice(0, -1));

describe('a framed record', () => {
  it('is one line of JSON with the record in it', () => {
    fc.assert(
      fc.property(record, (written) => {
        const framed = frame(written);
        expect(framed.indexOf('\n')).toBe(framed.length - 1);
        expect(JSON.parse(framed).r).toEqual(JSON.parse(written));
        expect(isWholeRecord(lineOf(framed))).toBe(true);
      }),
      runs(300),
    );
  });

  it('is not whole with any bit flipped', () => {
    fc.assert(
      fc.property(record, fc.nat(), (written, dice) => {
        const line = lineOf(frame(written));
        const bit = dice % (line.length * 8);
        line[bit >> 3] = (line[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(isWholeRecord(line)).toBe(false);
      }),
      runs(1000),
    );
  });

  it('is not whole when it is cut anywhere', () => {
    const line = lineOf(frame('{"order_id":"A-1"}'));
    for (let length = 0; length < line.length; length += 1) expect(isWholeRecord(line.subarray(0, length))).toBe(false);
  });
});

describe('a seal', () => {
  it('reads back', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 0, max: 2 ** 32 - 1 }), (records, checksum) => {
        expect(parseSeal(sealLine(records, checksum).trimEnd())).toEqual({ records, checksum });
      }),
      runs(200),
    );
  });

  it('is no record, and a record is no seal', () => {
    expect(isWholeRecord(lineOf(sealLine(1, crc32('x'))))).toBe(false);
    expect(parseSeal(frame('{"records":2}').trimEnd())).toBeUndefined();
  });
});
