import { expect, it } from 'vitest';
import { normaliseMenuItem } from '../normalise-menu-item.ts';
import { readValue } from './read-value.ts';

it.each([
  ['0', 0],
  ['4', 400],
  ['4.1', 410],
  ['4.124', 412],
  ['4.125', 413],
  ['0.995', 100],
  ['.5', 50],
  ['5.', 500],
  [' 007.10 ', 710],
  ['999999999.99', 99_999_999_999],
])('"%s" dollars are %d cents', (written, cents) => expect(readValue(written, 'dollars')).toBe(cents));

it.each(['-1', '-0', '+5', '1e2', '0x10', '0b1', '1234567890', '.', '4,50', '1_000', '$3', 'NaN', 'Infinity'])(
  '"%s" dollars stay as they are written, so that they become a fault and not a cost',
  (written) => {
    expect(readValue(written, 'dollars')).toBe(written);
    const item = { menu_item_id: 'm-1', menu_item: 'Supreme', unit_cost_cents: readValue(written, 'dollars') };
    expect(normaliseMenuItem(item)).toMatchObject({ faults: [{ path: '/unit_cost_cents' }] });
  },
);
