const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const dollars = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' });
const roundDollars = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD', maximumFractionDigits: 0 });

/** 339514 is "339,514". */
export function count(value: number): string {
  return whole.format(value);
}

/** A rate with three digits that mean something: "0.420", "8.31", "57.4", "1,240". */
export function fine(value: number): string {
  if (value === 0 || Math.abs(value) >= 100) return count(value);
  return value.toLocaleString('en-US', { minimumSignificantDigits: 3, maximumSignificantDigits: 3 });
}

/** 123456789 cents are "$1,234,567.89". */
export function money(cents: number): string {
  return dollars.format(cents / 100);
}

/** A count in at most five characters or so: "9,870", "48.2K", "1.24M". */
export function shortCount(value: number): string {
  return value < 10_000 ? count(value) : shorten(value);
}

/** A count for a headline: exact below a million, "1.24M" from there. */
export function headlineCount(value: number): string {
  return value < 1_000_000 ? count(value) : shorten(value);
}

/** Money in few characters: "$14.85" below a hundred dollars, "$9,870", "$716K", "$5.24M". */
export function shortMoney(cents: number): string {
  const value = cents / 100;
  if (value < 100) return money(cents);
  return value < 10_000 ? roundDollars.format(value) : `$${shorten(value)}`;
}

const magnitudes = [
  { size: 1e9, sign: 'B' },
  { size: 1e6, sign: 'M' },
  { size: 1e3, sign: 'K' },
] as const;

/** Three significant digits: 48210 is "48.2K". 999,500 rounds to "1.00M", never "1000K". */
function shorten(value: number): string {
  const rounded = Number(value.toPrecision(3));
  const magnitude = magnitudes.find(({ size }) => rounded >= size);
  if (!magnitude) return count(value);
  const digits = rounded / magnitude.size;
  return digits.toFixed(digits < 10 ? 2 : digits < 100 ? 1 : 0) + magnitude.sign;
}

/** 0.1423 is "14.2%"; what is more than nothing is never "0.0%". */
export function percent(share: number): string {
  if (share > 0 && share < 0.001) return '<0.1%';
  return `${(share * 100).toFixed(1)}%`;
}

/** A change with its sign: "+6.1%", "−0.7%", "0.0%". */
export function change(ratio: number): string {
  const written = Math.abs(ratio * 100).toFixed(1);
  if (written === '0.0') return '0.0%';
  return `${ratio < 0 ? '−' : '+'}${Math.abs(ratio) >= 9.995 ? count(Math.abs(ratio) * 100) : written}%`;
}

/** A length of time as one says it: "0.2 s", "12 s", "3 min", "5 h", "2 days". */
export function duration(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 59.5) return `${Math.round(seconds)} s`;
  if (seconds < 3_570) return `${Math.round(seconds / 60)} min`;
  if (seconds < 84_600) return `${Math.round(seconds / 3_600)} h`;
  const days = Math.round(seconds / 86_400);
  return `${days} day${days === 1 ? '' : 's'}`;
}

/** A latency, exact below a second: "61 ms", "1.2 s". */
export function latency(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : duration(ms);
}

// A value that would be written as 1000 of a unit is one of the next.
const byteUnits = [
  { from: 999.5e6, size: 1e9, sign: 'GB' },
  { from: 999.5e3, size: 1e6, sign: 'MB' },
  { from: 1e3, size: 1e3, sign: 'KB' },
] as const;

/** Bytes as disks are sold: "0 B", "812 KB", "1.24 GB". */
export function bytes(value: number): string {
  const unit = byteUnits.find(({ from }) => value >= from);
  if (!unit) return `${count(value)} B`;
  const digits = value / unit.size;
  return `${digits.toFixed(digits < 10 ? 2 : digits < 100 ? 1 : 0)} ${unit.sign}`;
}

/** How many a second: "0", "0.4", "12.3", "1,204". */
export function rate(perSecond: number): string {
  if (perSecond === 0) return '0';
  if (perSecond < 0.05) return '<0.1';
  return perSecond < 99.95 ? perSecond.toFixed(1) : count(perSecond);
}

/** A number and its noun: "1 record", "2,310 records". */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

const weekdayDay = new Intl.DateTimeFormat('en-US', {
  weekday: 'short',
  month: 'short',
  day: 'numeric',
  timeZone: 'UTC',
});
const dayAndTime = new Intl.DateTimeFormat('en-US', {
  month: 'short',
  day: 'numeric',
  hour: 'numeric',
  minute: '2-digit',
});
const wholeInstant = new Intl.DateTimeFormat('en-US', { dateStyle: 'full', timeStyle: 'long' });

/** A calendar date: "Sun, Nov 22". */
export function calendarDay(date: string): string {
  return weekdayDay.format(new Date(`${date}T00:00:00Z`));
}

/** An instant in the reader's zone: "Nov 22, 7:01 PM". */
export function moment(instant: string): string {
  return dayAndTime.format(new Date(instant));
}

/** An instant to the second, with its zone, for a tooltip. */
export function exactMoment(instant: string): string {
  return wholeInstant.format(new Date(instant));
}
