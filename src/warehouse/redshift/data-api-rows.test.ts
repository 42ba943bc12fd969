import { expect, test } from 'vitest';
import { toRows } from './data-api-rows.ts';

test.each([
  ['int8', { longValue: 42 }, 42],
  ['int8', { stringValue: '9007199254740993' }, '9007199254740993'],
  ['numeric', { stringValue: '12' }, 12],
  ['numeric', { stringValue: '-0.50' }, -0.5],
  ['numeric', { stringValue: '123456789012345678901234' }, '123456789012345678901234'],
  ['float8', { doubleValue: 0.1 }, 0.1],
  ['float8', { stringValue: '0.1' }, 0.1],
  ['bool', { booleanValue: false }, false],
  ['bool', { stringValue: 't' }, true],
  ['date', { stringValue: '2026-02-08' }, '2026-02-08'],
  ['timestamp', { stringValue: '2026-02-08 18:31:07' }, '2026-02-08T18:31:07.000Z'],
  ['timestamp', { stringValue: '2026-02-08 18:31:07.250999' }, '2026-02-08T18:31:07.250Z'],
  ['timestamptz', { stringValue: '2026-02-08 18:31:07+00' }, '2026-02-08T18:31:07.000Z'],
  ['timestamptz', { stringValue: '2026-02-08 18:31:07.5-06' }, '2026-02-09T00:31:07.500Z'],
  ['timestamptz', { stringValue: '2026-02-08 18:31:07+05:30' }, '2026-02-08T13:01:07.000Z'],
  ['varchar', { stringValue: '2026-02-08 18:31:07' }, '2026-02-08 18:31:07'],
  ['varchar', { stringValue: '' }, ''],
  ['varchar', { isNull: true }, null],
] as const)('%s %j is %j', (typeName, field, value) => {
  expect(toRows([{ name: 'x', typeName }], [[field]])).toEqual([{ x: value }]);
});

test('columns are named by their label', () => {
  expect(toRows([{ name: 'a', label: 'b' }, { name: 'c' }], [[{ longValue: 1 }, { longValue: 2 }]])).toEqual([
    { b: 1, c: 2 },
  ]);
});
