import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../../../test/support/property.ts';
import { Coverage, type RecordPlace, rangeName } from './coverage.ts';

/** Sizes of segment files, which lie side by side. */
const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 12 });

const placesOf = (segments: readonly number[]): RecordPlace[] =>
  segments.flatMap((size, index) =>
    Array.from({ length: size }, (_, position) => ({ segment: index + 1, position: position + 1 })),
  );

describe('the names of objects', () => {
  it('tell which records are there, however they were cut and whichever object is missing', () => {
    fc.assert(
      fc.property(
        sizes,
        fc.infiniteStream(fc.integer({ min: 1, max: 20 })),
        fc.infiniteStream(fc.boolean()),
        (segments, cuts, kept) => {
          const places = placesOf(segments);
          const [names, there]: [string[], RecordPlace[]] = [[], []];
          for (let at = 0; at < places.length; ) {
            const object = places.slice(at, at + cuts.next().value);
            at += object.length;
            const [first, last] = [object[0], object.at(-1)];
            if (!first || !last || !kept.next().value) continue;
            names.push(rangeName({ first, last }));
            there.push(...object);
          }
          const coverage = new Coverage([...names].reverse());
          expect(places.filter((place) => coverage.has(place))).toEqual(there);
          for (const [index, size] of segments.entries()) {
            const found = there.filter(({ segment }) => segment === index + 1).length;
            expect(coverage.hasSegment(index + 1, size)).toBe(found === size);
          }
        },
      ),
      runs(300),
    );
  });

  it('sort as the records were accepted', () => {
    const names = [9, 10, 11].map((segment) =>
      rangeName({ first: { segment, position: 1 }, last: { segment, position: 20 } }),
    );
    const parts = [1, 9, 10].map((position) =>
      rangeName({ first: { segment: 12, position }, last: { segment: 12, position } }),
    );
    expect([...names, ...parts].sort()).toEqual([...names, ...parts]);
  });

  it('are nothing to it when they are others', () => {
    const coverage = new Coverage(['', 'x.ndjson.gz', '000000000001.0000001.ndjson.gz', '1.1-9.9.ndjson.gz']);
    expect(coverage.has({ segment: 1, position: 1 })).toBe(false);
    expect(coverage.hasSegment(1, 0)).toBe(true);
  });
});
