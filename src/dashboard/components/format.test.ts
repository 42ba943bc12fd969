import { expect, test } from 'vitest';
import { change, count, duration, headlineCount, money, percent, shortCount, shortMoney } from './format.ts';

test.each([
  [shortCount(9_999), '9,999'],
  [shortCount(48_210), '48.2K'],
  [shortCount(999_499), '999K'],
  [shortCount(999_500), '1.00M'],
  [shortCount(1_240_000), '1.24M'],
  [headlineCount(339_514), '339,514'],
  [headlineCount(1_490_000), '1.49M'],
  [count(1_234_567), '1,234,567'],
  [money(81_786_005), '$817,860.05'],
  [money(0), '$0.00'],
  [shortMoney(1_485), '$14.85'],
  [shortMoney(18_199), '$182'],
  [shortMoney(71_592_185), '$716K'],
  [shortMoney(523_891_200), '$5.24M'],
  [shortMoney(1_234_500_000_00), '$1.23B'],
  [percent(0.1423), '14.2%'],
  [percent(0.0004), '<0.1%'],
  [percent(0), '0.0%'],
  [change(0.061), '+6.1%'],
  [change(-0.007), '−0.7%'],
  [change(-0.0004), '0.0%'],
  [change(11.5), '+1,150%'],
  [duration(180), '0.2 s'],
  [duration(-50), '0.0 s'],
  [duration(12_000), '12 s'],
  [duration(59_700), '1 min'],
  [duration(180_000), '3 min'],
  [duration(5 * 3_600_000), '5 h'],
  [duration(86_400_000), '1 day'],
  [duration(3 * 86_400_000), '3 days'],
])('%s is written %s', (written, expected) => {
  expect(written).toBe(expected);
});
