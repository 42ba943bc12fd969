import type { SQSEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { readNotifications } from './landed-objects.ts';

const event = (...bodies: unknown[]): SQSEvent =>
  ({
    Records: bodies.map((body, index) => ({
      messageId: `m${index + 1}`,
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })),
  }) as SQSEvent;
const created = (...keys: string[]): object => ({
  Records: keys.map((key) => ({
    eventName: 'ObjectCreated:Put',
    eventTime: '2026-11-22T10:00:00.123Z',
    s3: { bucket: { name: 'data' }, object: { key, size: 12 } },
  })),
});

describe('notifications of S3', () => {
  it('are read out of messages, with their keys decoded', () => {
    const { objects, unreadable } = readNotifications(
      event(created('landing/2026/11/22/a+b%2B%C3%BC.gz'), created('quarantine/x', 'landing/y')),
      'data',
    );
    const known = { bytes: 12, landedAtMs: Date.parse('2026-11-22T10:00:00.123Z') };
    expect(objects).toEqual([
      { key: 'landing/2026/11/22/a b+ü.gz', ...known, messageIds: ['m1'] },
      { key: 'quarantine/x', ...known, messageIds: ['m2'] },
      { key: 'landing/y', ...known, messageIds: ['m2'] },
    ]);
    expect(unreadable).toEqual([]);
  });

  it('that come twice name their object once, with both messages', () => {
    const { objects } = readNotifications(event(created('landing/x'), created('landing/x')), 'data');
    expect(objects).toMatchObject([{ key: 'landing/x', messageIds: ['m1', 'm2'] }]);
  });

  it('of the set-up, of folders and of other prefixes tell of nothing to load', () => {
    const test = { Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'data' };
    const { objects, unreadable } = readNotifications(event(test, created('landing/'), created('staging/x')), 'data');
    expect(objects).toEqual([]);
    expect(unreadable).toEqual([]);
  });

  it('that are none, or of another bucket, are named', () => {
    const other = { Records: [{ s3: { bucket: { name: 'other' }, object: { key: 'landing/x' } } }] };
    const { objects, unreadable } = readNotifications(
      event('no JSON', {}, other, created('landing/%'), created('landing/x')),
      'data',
    );
    expect(objects.map(({ key }) => key)).toEqual(['landing/x']);
    expect(unreadable).toEqual(['m1', 'm2', 'm3', 'm4']);
  });
});
