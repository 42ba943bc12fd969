import { parseInstant } from '../contract/instant.ts';
import { Mistake } from './mistake.ts';
import { monthOfName, type TimeParts } from './time-format.ts';
import { instantOfLocal, offsetMinutesAt } from './zone.ts';

/** How to read a time: `format` null recognises the usual ways to write one; `timeOfDay` is for dates alone. */
export interface TimeReading {
  readonly format: RegExp | null;
  readonly zone: string | undefined;
  readonly timeOfDay: string | undefined;
}

const clock =
  '(?:(?:t|,?\\s+|,)(?<hour>\\d{1,2}):(?<minute>\\d{2})(?::(?<second>\\d{2})(?:[.,](?<fraction>\\d{1,9}))?)?\\s*(?<meridiem>[ap]\\.?m\\.?)?)?';
const offset = '\\s*(?<offset>z|utc|gmt|[+-]\\d{2}(?::?\\d{2})?)?';
const usual = [
  '(?<year>\\d{4})[-/.](?<month>\\d{1,2})[-/.](?<day>\\d{1,2})',
  '(?<month>\\d{1,2})[-/](?<day>\\d{1,2})[-/](?<year>\\d{4}|\\d{2})',
  '(?:[a-z]+\\.?,?\\s+)?(?<monthName>[a-z]{3,9})\\.?\\s+(?<day>\\d{1,2})(?:st|nd|rd|th)?,?\\s+(?<year>\\d{4})',
  '(?:[a-z]+\\.?,?\\s+)?(?<day>\\d{1,2})[\\s-](?<monthName>[a-z]{3,9})\\.?[\\s-](?<year>\\d{4})',
  '(?<year>\\d{4})(?<month>\\d{2})(?<day>\\d{2})',
].map((date) => new RegExp(`^${date}${clock}${offset}$`, 'iu'));

/** 2000-01-01 in seconds since 1970: no order is older. */
const earliestSeconds = 946_684_800;

/**
 * Reads a written time as RFC 3339 with an offset. Without an offset of its own it is wall-clock time in the zone.
 * Nine or ten digits are seconds since 1970, twelve or thirteen milliseconds. `1/5/2015` is 5 January, as Americans write.
 */
export function readTime(written: string, reading: TimeReading): string | Mistake {
  const epochMs = reading.format ? undefined : epochOf(written);
  if (epochMs !== undefined) return writeInstant(epochMs, reading.zone);
  const parts = partsOf(written, reading.format);
  if (!parts)
    return new Mistake(`is not a time ${reading.format ? 'in the given format' : 'in a usual form; give its format'}`);
  const local = localOf(parts, reading.timeOfDay);
  if (typeof local !== 'string') return local;
  const own = parts['offset'];
  if (own !== undefined) return atOffset(local, offsetOf(own), reading.zone);
  if (reading.zone === undefined) return new Mistake('has no offset: give its zone, such as America/Chicago');
  return writeInstant(instantOfLocal(reading.zone, Date.parse(`${local}Z`)), reading.zone);
}

function epochOf(written: string): number | undefined {
  if (!/^\d{9,13}(\.\d+)?$/.test(written)) return undefined;
  const number = Number(written);
  if (number < earliestSeconds) return undefined;
  if (number < earliestSeconds * 100) return Math.round(number * 1000);
  return number < earliestSeconds * 1000 ? undefined : Math.round(number);
}

function partsOf(written: string, format: RegExp | null): TimeParts | undefined {
  for (const pattern of format ? [format] : usual) {
    const groups = pattern.exec(written)?.groups;
    if (groups) return groups;
  }
  return undefined;
}

/** Wall-clock time as `YYYY-MM-DDTHH:mm:ss[.fff]`, or what is wrong with it. */
function localOf(parts: TimeParts, timeOfDay: string | undefined): string | Mistake {
  const name = parts['monthName'];
  const month = name === undefined ? Number(parts['month']) : monthOfName(name);
  const date = `${yearOf(parts['year'] ?? '')}-${two(month)}-${two(parts['day'])}`;
  const hour = parts['hour'] === undefined ? undefined : hourOf(Number(parts['hour']), parts['meridiem']);
  if (hour === undefined && parts['hour'] !== undefined) return new Mistake('has an hour that does not exist');
  if (hour === undefined && timeOfDay === undefined) {
    return new Mistake('has no time of day: name the column of the time as well, or give `time: "12:00"`');
  }
  const [h, m] = hour === undefined ? (timeOfDay ?? '').split(':') : [hour, parts['minute'] ?? 0];
  const fraction = parts['fraction'] === undefined ? '' : `.${parts['fraction'].padEnd(3, '0').slice(0, 3)}`;
  const local = `${date}T${two(h)}:${two(m)}:${two(parts['second'] ?? 0)}${fraction}`;
  return parseInstant(`${local}Z`) ? local : new Mistake('is a date or a time that does not exist');
}

function hourOf(hour: number, meridiem: string | undefined): number | undefined {
  if (meridiem === undefined) return hour;
  if (hour < 1 || hour > 12) return undefined;
  return (hour % 12) + (meridiem.toLowerCase().startsWith('p') ? 12 : 0);
}

function yearOf(year: string): string {
  return year.length === 2 ? `20${year}` : year;
}

function two(part: string | number | undefined): string {
  return String(part ?? 0).padStart(2, '0');
}

function offsetOf(written: string): number {
  const [, sign = '+', hours = '0', minutes = '0'] = /^([+-])(\d{2}):?(\d{2})?$/.exec(written) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

/** UTC is how machines write; where the zone is known, its clock says more. Any other offset stays as it is. */
function atOffset(local: string, minutes: number, zone: string | undefined): string | Mistake {
  if (Math.abs(minutes) > 14 * 60) return new Mistake('has an offset that does not exist');
  if (minutes !== 0) return local + writeOffset(minutes);
  return zone === undefined ? `${local}Z` : writeInstant(Date.parse(`${local}Z`), zone);
}

function writeInstant(epochMs: number, zone: string | undefined): string {
  const minutes = zone === undefined ? 0 : offsetMinutesAt(zone, epochMs);
  const local = new Date(epochMs + minutes * 60_000).toISOString().replace(/(\.000)?Z$/, '');
  return local + (zone === undefined ? 'Z' : writeOffset(minutes));
}

function writeOffset(minutes: number): string {
  const distance = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(distance / 60))}:${two(distance % 60)}`;
}
