import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readMapping } from './read-mapping.ts';

const examples = new URL('../../examples/mappings/', import.meta.url);
const minimal = `
source: till
files: { sales: {} }
order: { order_id: a, ordered_at: b, store_id: c, channel: { constant: delivery } }
line: { kind: { constant: pizza }, unit_price: d }
`;

function faultsOf(text: string): string {
  try {
    readMapping(text, 'm.yaml');
    return 'none';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

test('sections without a file mean the only one', () => {
  const { order, line } = readMapping(minimal, 'm.yaml');
  expect([order.from, line?.from]).toEqual(['sales', 'sales']);
});

test('the examples are mappings', () => {
  const names = readdirSync(examples).filter((name) => name.endsWith('.yaml'));
  expect(names.length).toBeGreaterThanOrEqual(3);
  for (const name of names)
    expect(readMapping(readFileSync(new URL(name, examples), 'utf8'), name).source).toBeTruthy();
});

test('the mapping that docs/import.md prints is one', () => {
  const page = readFileSync(new URL('../../docs/import.md', import.meta.url), 'utf8');
  const [, printed = ''] = /```yaml\n(source:[^`]*)```/.exec(page) ?? [];
  expect(readMapping(printed, 'docs/import.md').line?.from).toBe('lines');
});

test.each([
  ['broken YAML', 'a: [', /m.yaml is not valid YAML/],
  ['nothing', '', /has no mapping in it/],
  ['a key twice', `${minimal}\nsource: again`, /not valid YAML/],
  [
    'an unknown member',
    minimal.replace('unit_price: d', 'unit_prise: d'),
    /line.unit_prise: is not a member here. Did you mean "unit_price"\?/,
  ],
  [
    'an unknown member of a field',
    minimal.replace('unit_price: d', 'unit_price: { colum: d }'),
    /line.unit_price.colum: is not a member here. Did you mean "column"\?/,
  ],
  [
    'a field of the wrong type',
    minimal.replace('ordered_at: b', 'ordered_at: [b]'),
    /order.ordered_at: must be a text or an object/,
  ],
  [
    'a wrong choice',
    minimal.replace('unit_price: d', 'unit_price: { column: d, unit: euros }'),
    /line.unit_price.unit: must be one of dollars, cents/,
  ],
  ['no source', minimal.replace('source: till', ''), /source: is missing/],
  ['no store', minimal.replace('store_id: c,', ''), /order.store_id: is missing: name its column/],
  ['no line', minimal.replace(/line:.*/, ''), /line: is missing/],
  [
    'two prices',
    minimal.replace('unit_price: d', 'unit_price: d, line_price: e'),
    /line.line_price: cannot stand beside/,
  ],
  ['no price', minimal.replace(', unit_price: d', ''), /line.unit_price: is missing/],
  [
    'a field with two sources',
    minimal.replace('{ constant: pizza }', '{ constant: pizza, column: x }'),
    /line.kind: needs exactly one of .*, and has column and constant/,
  ],
  ['an unknown zone', `zone: America/Chikago\n${minimal}`, /zone: "America\/Chikago" is not an IANA time zone/],
  [
    'a bad expression',
    minimal.replace('unit_price: d', 'unit_price: { column: d, extract: "(" }'),
    /line.unit_price.extract: is not a regular expression/,
  ],
  [
    'a bad format',
    minimal.replace('ordered_at: b', 'ordered_at: { column: b, format: HH:mm }'),
    /order.ordered_at.format: lacks the year and the day and the month/,
  ],
  [
    'a join with nothing',
    minimal.replace('{ sales: {} }', '{ sales: {}, menu: { join: { a: sale.b } } }'),
    /files.menu.join.a: "sale" is not one of the files: sales, menu. Did you mean "sales"\?/,
  ],
  [
    'lists in a circle',
    minimal.replace('{ sales: {} }', '{ sales: { each: b.x }, b: { each: sales.y } }'),
    /runs in a circle/,
  ],
  [
    'a store nowhere',
    `stores: [{ store_id: s, state: Atlantis }]\n${minimal}`,
    /stores.0: state "Atlantis" is none of/,
  ],
])('%s is named with its path', (_, text, message) => {
  expect(faultsOf(text)).toMatch(message);
});

test('all mistakes are named at once', () => {
  const text = minimal.replace('order_id: a', 'order: a').replace('channel:', 'chanel:').replace('kind:', 'kin:');
  const message = faultsOf(text);
  expect(message).toContain('has 3 mistakes');
  expect(message).toContain('order.order');
  expect(message).toContain('order.chanel');
  expect(message).toContain('line.kin');
});
