const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const dollars = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' });
const roundDollars = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD', maximumFractionDigits: 0 });

/** 339514 is "339,514". */
export function count(value: number): string {
  return whole.format(value);
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
