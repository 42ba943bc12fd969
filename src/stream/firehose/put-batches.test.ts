import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../../../test/support/property.ts';
import { putBatches, putLimits } from './put-batches.ts';

const bytesOf = (records: readonly Buffer[]): number => records.reduce((sum, { length }) => sum + length, 0);

describe('the batches of a call', () => {
  it('hold every record once, in order, within the limits', () => {
    const sizes = fc.array(fc.oneof(fc.integer({ min: 1, max: 2_000 }), fc.constant(putLimits.recordBytes)), {
      maxLength: 1_300,
      size: 'max',
    });
    fc.assert(
      fc.property(sizes, (lengths) => {
        const records = lengths.map((length) => Buffer.allocUnsafe(length));
        const batches = [...putBatches(records)];
        expect(batches.flat().every((record, index) => record === records[index])).toBe(true);
        expect(batches.flat()).toHaveLength(records.length);
        for (const batch of batches) {
          expect(batch.length).toBeGreaterThan(0);
          expect(batch.length).toBeLessThanOrEqual(putLimits.records);
          expect(bytesOf(batch)).toBeLessThanOrEqual(putLimits.callBytes);
        }
      }),
      runs(30),
    );
  });

  it('are as few as the number of records allows', () => {
    const records = Array.from({ length: 1_001 }, () => Buffer.from('{}\n'));
    expect([...putBatches(records)].map((batch) => batch.length)).toEqual([500, 500, 1]);
    expect([...putBatches([])]).toEqual([]);
  });
});
