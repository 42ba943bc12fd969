import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Mistake } from './mistake.ts';
import { readMoney } from './money.ts';

const dollars = { unit: 'dollars', decimal: '.', round: false } as const;
const cents = fc.integer({ min: 0, max: 1_000_000_000 });
const centsOf = (written: string, reading: Partial<Parameters<typeof readMoney>[1]> = {}) =>
  readMoney(written, { ...dollars, ...reading });

test('every amount comes back from the ways people write it', () => {
  fc.assert(
    fc.property(cents, (amount) => {
      const plain = `${Math.floor(amount / 100)}.${String(amount % 100).padStart(2, '0')}`;
      const [whole = '', fraction = ''] = plain.split('.');
      const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
      const european = `${grouped.replaceAll(',', '.')},${fraction}`;
      for (const written of [plain, `$${grouped}.${fraction}`, `${plain} USD`, `US$ ${plain}`, `${plain}000`]) {
        expect(centsOf(written)).toBe(amount);
      }
      expect(centsOf(european, { decimal: ',' })).toBe(amount);
      expect(centsOf(String(amount), { unit: 'cents' })).toBe(amount);
      expect(centsOf(`${amount}.0`, { unit: 'cents' })).toBe(amount);
    }),
  );
});

test('what floating point leaves behind counts as the cent it stands for', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000 }), (amount) => {
      expect(centsOf(String(Math.fround(amount / 100)))).toBe(amount);
      expect(centsOf(String(amount / 100 + Number.EPSILON))).toBe(amount);
      expect(centsOf(String(amount / 100))).toBe(amount);
    }),
    { numRuns: 500 },
  );
});

test('anything else is refused rather than guessed', () => {
  for (const written of [
    'abc',
    '12,75',
    '1,23,456',
    '1.234,50',
    '',
    '.',
    '12.5.0',
    '1e3',
    '0x10',
    '١٢',
    '$',
    '12 75',
  ]) {
    expect(centsOf(written), written).toBeInstanceOf(Mistake);
  }
  for (const written of ['-1', '$-5.00', '-$5.00', '(12.50)']) {
    expect(centsOf(written)).toMatchObject({ message: 'is less than nothing' });
  }
  expect(centsOf('12.755')).toMatchObject({ message: expect.stringContaining('fraction of a cent') });
  expect(centsOf('12.755', { round: true })).toBe(1276);
  expect(centsOf('12.754', { round: true })).toBe(1275);
  expect(centsOf('12.7501')).toBeInstanceOf(Mistake);
  expect(centsOf('.5')).toBe(50);
  expect(centsOf('12.')).toBe(1200);
});
