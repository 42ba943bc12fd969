const shape = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.\d{1,9})?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

/** An instant with the offset it was written in. */
export interface Instant {
  readonly epochMs: number;
  readonly offsetMinutes: number;
}

// With an offset a time may fall into a year that four digits do not hold, and databases do not read.
const earliest = Date.parse('0001-01-01T00:00:00Z');
const latest = Date.parse('9999-12-31T23:59:59.999Z');

/**
 * Reads RFC 3339 with an offset, and nothing else: no 30 February, no 24:00, no leap second (databases have
 * none). `Date.parse` alone would turn 29 February 2026 into 1 March.
 */
export function parseInstant(written: string): Instant | undefined {
  const parts = shape.exec(written);
  if (!parts) return undefined;
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const sign = parts[7] === '-' ? -1 : 1;
  const offsetMinutes = sign * (Number(parts[8] ?? 0) * 60 + Number(parts[9] ?? 0));
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined;
  if (hour > 23 || minute > 59 || second > 59 || Number(parts[9] ?? 0) > 59 || Math.abs(offsetMinutes) > 14 * 60)
    return undefined;
  const epochMs = Date.parse(written.toUpperCase());
  return epochMs >= earliest && epochMs <= latest ? { epochMs, offsetMinutes } : undefined;
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** A calendar date YYYY-MM-DD that exists. */
export function isCalendarDate(written: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(written) && parseInstant(`${written}T00:00:00Z`) !== undefined;
}
