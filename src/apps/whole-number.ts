import { InvalidArgumentError } from 'commander';

/** A reader for options that take a whole number. */
export function wholeNumber(min: number, max: number): (written: string) => number {
  return (written) => {
    const value = /^\d+$/.test(written) ? Number(written) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It takes a whole number from ${min} to ${max}.`);
  };
}

/** A reader for options that take a positive number. */
export function positiveNumber(written: string): number {
  const value = Number(written);
  if (value > 0 && value <= 1_000_000) return value;
  throw new InvalidArgumentError('It takes a number above 0.');
}

const unitsMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };

/** A reader for options that take a duration: `90s`, `10m`, `2h`. Gives milliseconds. */
export function duration(written: string): number {
  const parts = /^(\d+)([smh])$/.exec(written);
  const unit = unitsMs[parts?.[2] ?? ''];
  if (parts && unit) return Number(parts[1]) * unit;
  throw new InvalidArgumentError('It takes a duration such as 90s, 10m or 2h.');
}
