import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseInstant } from '../contract/instant.ts';
import { states } from '../contract/states.ts';
import { Mistake } from './mistake.ts';
import { readTime, type TimeReading } from './time.ts';
import { compileTimeFormat } from './time-format.ts';

const chicago: TimeReading = { format: null, zone: 'America/Chicago', timeOfDay: undefined };
const zones = [...new Set(states.map(({ timeZone }) => timeZone))];

function read(written: string, reading: Partial<TimeReading> = {}): string | Mistake {
  return readTime(written, { ...chicago, ...reading });
}

function withFormat(format: string): RegExp {
  const compiled = compileTimeFormat(format);
  if (typeof compiled === 'string') throw new Error(compiled);
  return compiled;
}

/** What the wall clocks of a zone show at an instant, by the runtime's own calendar. */
function wallClock(epochMs: number, zone: string, locale: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(locale, { ...options, timeZone: zone }).format(epochMs).replace('\u202f', ' ');
}

const seconds = fc.integer({ min: Date.UTC(2000, 0, 2) / 1000, max: Date.UTC(2037, 0, 1) / 1000 });

test('an instant comes back from what the clocks of any zone show, but for the hour that comes twice', () => {
  fc.assert(
    fc.property(seconds, fc.constantFrom(...zones), (epoch, zone) => {
      const written = wallClock(epoch * 1000, zone, 'sv-SE', { dateStyle: 'short', timeStyle: 'medium' });
      const american = wallClock(epoch * 1000, zone, 'en-US', { dateStyle: 'short', timeStyle: 'medium' });
      for (const text of [written, american]) {
        const time = read(text, { zone });
        expect(time).toBeTypeOf('string');
        const instant = parseInstant(String(time));
        const apart = epoch - (instant?.epochMs ?? 0) / 1000;
        const again = wallClock(instant?.epochMs ?? 0, zone, 'sv-SE', { dateStyle: 'short', timeStyle: 'medium' });
        expect(again).toBe(written);
        expect([0, 3600]).toContain(apart);
      }
    }),
    { numRuns: 400 },
  );
});

test('instants with an offset, and seconds and milliseconds since 1970, come back exactly', () => {
  fc.assert(
    fc.property(seconds, fc.constantFrom(...zones), (epoch, zone) => {
      for (const text of [String(epoch), String(epoch * 1000), new Date(epoch * 1000).toISOString()]) {
        expect(parseInstant(String(read(text, { zone })))?.epochMs).toBe(epoch * 1000);
        expect(parseInstant(String(read(text, { zone: undefined })))?.epochMs).toBe(epoch * 1000);
      }
    }),
  );
});

describe('clocks', () => {
  test('a time that the clock skips is as much later; one that comes twice is the first', () => {
    expect(read('2027-03-14 02:30')).toBe('2027-03-14T03:30:00-05:00');
    expect(read('2027-11-07 01:30')).toBe('2027-11-07T01:30:00-05:00');
    expect(read('2027-11-07 02:30')).toBe('2027-11-07T02:30:00-06:00');
    expect(read('2027-07-04 12:00', { zone: 'America/Phoenix' })).toBe('2027-07-04T12:00:00-07:00');
  });

  test.each([
    ['1/5/2015 7:03 PM', '2015-01-05T19:03:00-06:00'],
    ['01/05/15 07:03:09 am', '2015-01-05T07:03:09-06:00'],
    ['1/5/2015, 12:00 AM', '2015-01-05T00:00:00-06:00'],
    ['2015-01-05T19:03:07.123456', '2015-01-05T19:03:07.123-06:00'],
    ['2015-01-05 19:03:07,5', '2015-01-05T19:03:07.500-06:00'],
    ['2015/1/5 9:03', '2015-01-05T09:03:00-06:00'],
    ['2015-01-05 20:00:00+00', '2015-01-05T14:00:00-06:00'],
    ['2015-01-05 20:00:00 UTC', '2015-01-05T14:00:00-06:00'],
    ['2015-01-05T20:00:00+0530', '2015-01-05T20:00:00+05:30'],
    ['Jan 5, 2015 7:03 p.m.', '2015-01-05T19:03:00-06:00'],
    ['Mon, 05 Jan 2015 19:03:00 GMT', '2015-01-05T13:03:00-06:00'],
    ['Monday, January 5th, 2015 7:03 PM', '2015-01-05T19:03:00-06:00'],
    ['20150105 19:03', '2015-01-05T19:03:00-06:00'],
    ['1420484580', '2015-01-05T13:03:00-06:00'],
    ['1420484580123', '2015-01-05T13:03:00.123-06:00'],
  ])('%s is read without a format', (written, meant) => {
    expect(read(written)).toBe(meant);
  });

  test.each([
    ['DD.MM.YYYY HH:mm', '05.01.2015 19:03', '2015-01-05T19:03:00-06:00'],
    ['YYYYMMDDHHmmss', '20150105190307', '2015-01-05T19:03:07-06:00'],
    ['D MMM YY [at] h:mma', '5 Jan 15 at 7:03pm', '2015-01-05T19:03:00-06:00'],
    ['dddd, MMMM D YYYY H:mm', 'Monday, January 5 2015 19:03', '2015-01-05T19:03:00-06:00'],
    ['YYYY-MM-DD HH:mm:ss.SSS Z', '2015-01-05 19:03:07.25 -0700', '2015-01-05T19:03:07.250-07:00'],
    ['YYYY-MM-DD [00:00:00] HHmm', '2015-01-05 00:00:00 1903', '2015-01-05T19:03:00-06:00'],
  ])('%s', (format, written, meant) => {
    expect(read(written, { format: withFormat(format) })).toBe(meant);
  });

  test('what is no time is refused with a reason', () => {
    const reasons: [string, RegExp, Partial<TimeReading>?][] = [
      ['yesterday', /not a time in a usual form/],
      ['2015-02-29 12:00', /does not exist/],
      ['13/1/2015 12:00', /does not exist/],
      ['1/5/2015 13:00 PM', /an hour that does not exist/],
      ['2015-01-05 24:00', /does not exist/],
      ['2015-01-05', /no time of day/],
      ['2015-01-05 12:00', /no offset/, { zone: undefined }],
      ['2015-01-05 12:00+23:00', /an offset that does not exist/],
      ['2015-01-05 12:00', /not a time in the given format/, { format: withFormat('M/D/YYYY H:mm') }],
    ];
    for (const [written, reason, reading] of reasons) {
      const time = read(written, reading);
      expect(time, written).toBeInstanceOf(Mistake);
      expect((time as Mistake).message, written).toMatch(reason);
    }
    expect(read('2015-01-05', { timeOfDay: '12:30' })).toBe('2015-01-05T12:30:00-06:00');
  });

  test('a format that says too little or the same twice is refused', () => {
    expect(compileTimeFormat('HH:mm')).toMatch(/lacks the year and the day and the month/);
    expect(compileTimeFormat('YYYY-MM-DD YYYY')).toMatch(/names the year twice/);
  });
});
