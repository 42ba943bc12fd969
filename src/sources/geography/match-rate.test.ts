import { beforeAll, expect, it } from 'vitest';
import { matchRate } from './match-rate.ts';
import { loadZipCodes, type ZipCodes } from './zip-codes.ts';

let zipCodes: ZipCodes;
beforeAll(async () => {
  zipCodes = await loadZipCodes();
});

it('counts what is known, what is no area, and what nobody knows, with the commonest as examples', () => {
  const zips = [
    '78704',
    '78704-1234',
    '00501',
    ['00544', 3],
    '00000',
    'K1A 0B1',
    'K1A 0B1',
    null,
    ' ',
    undefined,
  ] as const;
  expect(matchRate(zips, zipCodes)).toEqual({
    total: 12,
    zcta: 2,
    nonZcta: 4,
    unknown: 3,
    absent: 3,
    matchedShare: 6 / 9,
    examples: {
      nonZcta: [
        { zip: '00544', count: 3 },
        { zip: '00501', count: 1 },
      ],
      unknown: [
        { zip: 'K1A 0B1', count: 2 },
        { zip: '00000', count: 1 },
      ],
    },
  });
});

it('has no share of nothing', () => {
  expect(matchRate([], zipCodes)).toMatchObject({ total: 0, matchedShare: null });
  expect(matchRate([null, ''], zipCodes)).toMatchObject({ total: 2, absent: 2, matchedShare: null });
});

it('counts all of a column that holds no ZIP codes, and names ten of them, shortened', () => {
  const names = function* () {
    for (let index = 0; index < 30_000; index++) yield `customer ${index} ${'x'.repeat(200)}`;
  };
  const { unknown, examples } = matchRate(names(), zipCodes);
  expect(unknown).toBe(30_000);
  expect(examples.unknown).toHaveLength(10);
  expect(examples.unknown.every(({ zip }) => zip.length === 40)).toBe(true);
});
