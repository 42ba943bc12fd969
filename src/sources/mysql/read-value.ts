import type { FieldKind } from './entities.ts';

/**
 * The value of a field from what MySQL gave for its column; undefined for NULL and for empty text. What cannot be
 * converted stays as it is written, so that the check names it.
 */
export function readValue(value: unknown, kind: FieldKind): string | number | undefined {
  if (value === null || value === undefined) return undefined;
  const written = String(value).trim();
  if (written === '') return undefined;
  switch (kind) {
    case 'number':
      return Number.isFinite(Number(written)) ? Number(written) : written;
    case 'zip':
      // A ZIP code kept as a number has lost its leading zeros.
      return typeof value === 'number' ? written.padStart(5, '0') : written;
    case 'dollars':
      return centsOf(written) ?? written;
    case 'text':
      return written;
  }
}

/** The key of a row exactly as it is: ids that differ in case or in spaces are different ids to orders as well. */
export function readKey(value: unknown): string | null {
  return value === null || value === undefined || value === '' ? null : String(value);
}

/** "4.125" is 413 cents, without going through binary fractions; undefined for anything but digits and a point. */
function centsOf(dollars: string): number | undefined {
  const [match, whole = '', fraction = ''] = /^(\d{0,9})(?:\.(\d*))?$/.exec(dollars) ?? [];
  if (match === undefined || !/\d/.test(match)) return undefined;
  const cents = Number(whole + fraction.slice(0, 2).padEnd(2, '0'));
  return Number(fraction[2] ?? 0) >= 5 ? cents + 1 : cents;
}
