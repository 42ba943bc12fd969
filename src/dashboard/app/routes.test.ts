import { expect, test } from 'vitest';
import { recordPath, routeOf } from './routes.ts';

test.each([
  ['/', { page: 'states' }],
  ['/pipeline', { page: 'pipeline' }],
  ['/pipeline/', { page: 'pipeline' }],
  ['/pipeline/x', { page: 'unknown' }],
  ['/quarantine', { page: 'quarantine' }],
  ['/quarantine/', { page: 'quarantine' }],
  ['/quarantine/4f2a', { page: 'record', id: '4f2a' }],
  ['/quarantine/4f2a/x', { page: 'unknown' }],
  ['/quarantine/%', { page: 'record', id: '%' }],
  ['/else', { page: 'unknown' }],
])('%s', (path, route) => {
  expect(routeOf(path)).toEqual(route);
});

test('any id comes back from its path', () => {
  expect(routeOf(recordPath('a/b %é'))).toEqual({ page: 'record', id: 'a/b %é' });
});
