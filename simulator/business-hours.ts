import { type DayNumber, dayMs } from './calendar.ts';

export const hourMs = 3_600_000;

/** The local hour at which the chain's stores close their books: what is sold before it belongs to the day before. */
export const closeoutHour = 4;

/** An hour of the clock in one time zone. */
export interface BusinessHour {
  /** Hours since 1970-01-01T00:00Z: what makes the hour unique. */
  readonly utcHour: number;
  readonly offsetMinutes: number;
  /** 0 to 23. */
  readonly localHour: number;
  /** Place in its business day, from 0: the closeout hour. */
  readonly index: number;
}

/** The hours of business days by time zone: 24, or 23 and 25 on the days when the clocks change. */
export class BusinessHours {
  readonly #formats = new Map<string, Intl.DateTimeFormat>();
  readonly #days = new Map<string, readonly BusinessHour[]>();

  /** From the closeout hour of a date up to that of the next. */
  of(timeZone: string, day: DayNumber): readonly BusinessHour[] {
    const key = `${timeZone} ${day}`;
    let hours = this.#days.get(key);
    if (hours === undefined) {
      hours = this.#read(timeZone, day);
      this.#days.set(key, hours);
    }
    return hours;
  }

  /** The business date that an hour belongs to. */
  dayOf(timeZone: string, utcHour: number): DayNumber {
    const offset = this.offsetMinutes(timeZone, utcHour);
    return Math.floor((utcHour + offset / 60 - closeoutHour) / 24);
  }

  #read(timeZone: string, day: DayNumber): BusinessHour[] {
    const start = this.#localHour(timeZone, day);
    const end = this.#localHour(timeZone, day + 1);
    const first = this.offsetMinutes(timeZone, start);
    const steady = end - start === 24;
    return Array.from({ length: end - start }, (_, index) => {
      const utcHour = start + index;
      const offsetMinutes = steady ? first : this.offsetMinutes(timeZone, utcHour);
      return { utcHour, offsetMinutes, localHour: (((utcHour + offsetMinutes / 60) % 24) + 24) % 24, index };
    });
  }

  /** The UTC hour at which the closeout hour of a date strikes; clocks have changed by then, if they do. */
  #localHour(timeZone: string, day: DayNumber): number {
    const wall = day * 24 + closeoutHour;
    return wall - this.offsetMinutes(timeZone, wall + 8) / 60;
  }

  /** Local time less UTC, in an hour given in hours since 1970-01-01T00:00Z. */
  offsetMinutes(timeZone: string, utcHour: number): number {
    let format = this.#formats.get(timeZone);
    if (format === undefined) {
      format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset', hour: 'numeric' });
      this.#formats.set(timeZone, format);
    }
    const written = format.formatToParts(utcHour * hourMs).find(({ type }) => type === 'timeZoneName')?.value ?? '';
    const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)/.exec(written) ?? [];
    return (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0));
  }
}

const twoDigits = Array.from({ length: 60 }, (_, value) => String(value).padStart(2, '0'));
let writtenDay: DayNumber = Number.NaN;
let writtenDate = '';

/** RFC 3339 with an offset, whole seconds: `2026-02-08T18:31:07-06:00`. Fast: a `Date` only when the day changes. */
export function writeInstant(epochMs: number, offsetMinutes: number): string {
  const local = epochMs + offsetMinutes * 60_000;
  const day = Math.floor(local / dayMs);
  if (day !== writtenDay) {
    writtenDay = day;
    writtenDate = `${new Date(day * dayMs).toISOString().slice(0, 10)}T`;
  }
  const seconds = ((local - day * dayMs) / 1000) | 0;
  const minutes = (seconds / 60) | 0;
  return `${writtenDate}${twoDigits[(minutes / 60) | 0]}:${twoDigits[minutes % 60]}:${twoDigits[seconds % 60]}${writeOffset(offsetMinutes)}`;
}

const offsets = new Map<number, string>();

function writeOffset(minutes: number): string {
  let written = offsets.get(minutes);
  if (written === undefined) {
    const size = Math.abs(minutes);
    written = `${minutes < 0 ? '-' : '+'}${twoDigits[(size / 60) | 0]}:${twoDigits[size % 60]}`;
    offsets.set(minutes, written);
  }
  return written;
}
