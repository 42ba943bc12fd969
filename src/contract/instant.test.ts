import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../../test/support/property.ts';
import { isCalendarDate, parseInstant } from './instant.ts';

describe('parseInstant', () => {
  it('reads what it is given back, at any offset', () => {
    const moment = fc.date({ min: new Date('0002-01-01'), max: new Date('9998-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(moment, fc.integer({ min: -14 * 60, max: 14 * 60 }), (date, offset) => {
        const local = new Date(date.getTime() + offset * 60_000).toISOString().slice(0, -1);
        const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60];
        const zone = `${offset < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`;
        const read = parseInstant(local + zone);
        expect(read?.epochMs).toBe(date.getTime());
        expect(read?.offsetMinutes).toBeCloseTo(offset);
      }),
      runs(500),
    );
  });

  it.each([
    ['2028-02-29T12:00:00Z', '2028-02-29T12:00:00.000Z'],
    ['2000-02-29T00:00:00Z', '2000-02-29T00:00:00.000Z'],
    ['2026-02-08T18:31:07-06:00', '2026-02-09T00:31:07.000Z'],
    ['2026-02-08t18:31:07.5z', '2026-02-08T18:31:07.500Z'],
    ['2026-02-08T18:31:07.123456789+05:45', '2026-02-08T12:46:07.123Z'],
  ])('reads %s', (written, utc) => {
    expect(new Date(parseInstant(written)?.epochMs ?? Number.NaN).toISOString()).toBe(utc);
  });

  it.each([
    ['29 February of a common year', '2026-02-29T12:00:00Z'],
    ['29 February of 2100', '2100-02-29T12:00:00Z'],
    ['31 April', '2026-04-31T12:00:00Z'],
    ['month 13', '2026-13-01T12:00:00Z'],
    ['day 0', '2026-01-00T12:00:00Z'],
    ['24:00', '2026-01-01T24:00:00Z'],
    ['a leap second', '2016-12-31T23:59:60Z'],
    ['no offset', '2026-01-01T12:00:00'],
    ['no time', '2026-01-01'],
    ['a space for the T', '2026-01-01 12:00:00Z'],
    ['no seconds', '2026-01-01T12:00Z'],
    ['an offset of a day', '2026-01-01T12:00:00+24:00'],
    ['an offset of 90 minutes past', '2026-01-01T12:00:00+01:90'],
    ['an offset without a colon', '2026-01-01T12:00:00+0100'],
    ['a year of five digits', '12026-01-01T12:00:00Z'],
    ['the year 0', '0000-06-01T12:00:00Z'],
    ['an offset that leads before the year 1', '0001-01-01T00:00:00+14:00'],
    ['an offset that leads past the year 9999', '9999-12-31T23:59:59-14:00'],
    ['spaces around', ' 2026-01-01T12:00:00Z '],
    ['other digits', '２０２６-01-01T12:00:00Z'],
    ['a word', 'yesterday'],
    ['nothing', ''],
  ])('refuses %s', (_what, written) => {
    expect(parseInstant(written)).toBeUndefined();
  });

  it('refuses any other text without failing', () => {
    fc.assert(
      fc.property(fc.string(), (written) => {
        expect(parseInstant(written)).toBeUndefined();
      }),
      runs(200),
    );
  });
});

describe('isCalendarDate', () => {
  it.each(['2026-02-28', '2028-02-29', '1999-12-31'])('takes %s', (written) => {
    expect(isCalendarDate(written)).toBe(true);
  });

  it.each(['2026-02-29', '2026-2-8', '2026-02-08T00:00:00Z', '20260208', "2026-02-08'--", ''])(
    'refuses "%s"',
    (written) => {
      expect(isCalendarDate(written)).toBe(false);
    },
  );
});
