import { describe, expect, test } from 'vitest';
import type { DataCheckState, RefreshRun, Step } from '../../../contract/refresh.ts';
import { byUrgency, checksInWords, inWords, meaningOf, observedOf, reasonOf, whenNext } from './refresh-words.ts';

const step = (name: string, status: Step['status']): Step => ({
  step: name,
  status,
  started_at: '2026-06-02T06:00:00Z',
  finished_at: status === 'running' ? null : '2026-06-02T06:00:03Z',
  rows: null,
  detail: null,
  parts: [],
});
const run = (changes: Partial<RefreshRun>): RefreshRun => ({
  run_id: 'r-1',
  business_date: '2026-06-02',
  scheduled_at: '2026-06-02T06:00:00Z',
  trigger: 'schedule',
  status: 'done',
  started_at: '2026-06-02T06:00:00Z',
  finished_at: '2026-06-02T06:00:12Z',
  missed_dates: 0,
  steps: [],
  checks: [],
  ...changes,
});
const check = (name: string, status: DataCheckState['status']): DataCheckState => ({
  name,
  title: name,
  looks_at: '',
  unit: 'count',
  expected: 'none',
  status,
  observed: null,
  message: null,
  business_date: null,
  checked_at: null,
  since: null,
});

describe('a refresh in words', () => {
  test('says how it ended', () => {
    expect(inWords(run({}), 0)).toBe('The refresh of Tue, Jun 2 went well and took 12 s.');
    const failed = run({ status: 'failed', steps: [step('sources', 'failed'), step('archive', 'done')] });
    expect(inWords(failed, 0)).toMatch(/^The refresh of Tue, Jun 2 failed in part: stores, customers and menu\./);
    const running = run({ status: 'running', finished_at: null, steps: [step('checks', 'running')] });
    expect(inWords(running, 0)).toMatch(/is running: data checks\./);
    expect(inWords(run({ status: 'interrupted' }), 0)).toMatch(/was interrupted/);
  });

  test('says why it came', () => {
    expect(reasonOf(run({}))).toBe('On schedule');
    expect(reasonOf(run({ trigger: 'catch_up', missed_dates: 2 }))).toBe('Caught up, for 2 missed dates too');
    expect(reasonOf(run({ trigger: 'hand' }))).toBe('Started by hand');
  });

  test('says what a failed step means, also of a step it does not know', () => {
    expect(meaningOf(step('archive', 'done'))).toBeUndefined();
    expect(meaningOf(step('archive', 'failed'))).toMatch(/archived by the next refresh/);
    expect(meaningOf(step('insights', 'failed'))).toMatch(/other steps/);
  });

  test('says when the next begins on the clock of its schedule', () => {
    const next = { at: '2026-06-03T06:00:00.000Z', business_date: '2026-06-03', is_retry: false };
    expect(whenNext({ ...next, time_zone: 'America/New_York' })).toBe('Wed, Jun 3, 2:00 AM EDT');
    expect(whenNext({ ...next, time_zone: 'UTC' })).toBe('Wed, Jun 3, 6:00 AM UTC');
  });
});

describe('data checks in words', () => {
  test('write the value in its unit', () => {
    expect(observedOf({ observed: 0.125, unit: 'share' })).toBe('12.5%');
    expect(observedOf({ observed: 1578, unit: 'cents' })).toBe('$15.78');
    expect(observedOf({ observed: 0.984, unit: 'ratio' })).toBe('0.98 times');
    expect(observedOf({ observed: 1200, unit: 'count' })).toBe('1,200');
    expect(observedOf({ observed: null, unit: 'count' })).toBe('–');
  });

  test('put first what needs attention', () => {
    const checks = [check('a', 'passed'), check('b', 'warned'), check('c', null), check('d', 'failed')];
    expect(byUrgency(checks).map(({ name }) => name)).toEqual(['d', 'b', 'c', 'a']);
  });

  test('say how many stand how', () => {
    expect(checksInWords([check('a', null), check('b', null)])).toBe('The first refresh runs them.');
    expect(checksInWords([check('a', 'passed'), check('b', null)])).toBe('All 1 that ran found what is normal.');
    expect(checksInWords([check('a', 'passed'), check('b', 'warned'), check('c', 'failed')])).toMatch(
      /^1 check failed, 1 check warned, 1 passed\./,
    );
  });
});
