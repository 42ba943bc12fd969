import { Mistake } from './mistake.ts';

/** How money is written. */
export interface MoneyReading {
  readonly unit: 'dollars' | 'cents';
  readonly decimal: '.' | ',';
  /** Round fractions of a cent (half up) instead of refusing them. */
  readonly round: boolean;
}

const plain = /^(\d+)(?:\.(\d*))?$|^\.(\d+)$/;

/** What single precision adds to prices below 10,000 dollars, in cents; it shows as a long tail of digits. */
const noiseCents = 0.05;

/**
 * Reads money as integer cents without going through floating point: "$1,234.50" is 123450. What a binary fraction
 * leaves behind ("12.750000000000002", "16.489999771") counts as the cent it stands for.
 */
export function readMoney(written: string, { unit, decimal, round }: MoneyReading): number | Mistake {
  const bare = written.replace(/^(?:US)?\$|^USD\s*|\s*(?:USD|\$)$/gi, '').trim();
  if (/^[-−(]/.test(bare) && /\d/.test(bare)) return new Mistake('is less than nothing');
  const digits = ungroup(bare, decimal);
  const match = digits === undefined ? null : plain.exec(digits);
  if (!match) return new Mistake(`is not money in ${unit} with a decimal "${decimal}"`);
  const whole = match[1] ?? '0';
  const fraction = match[2] ?? match[3] ?? '';
  const places = unit === 'dollars' ? 2 : 0;
  const cents = Number(whole + fraction.slice(0, places).padEnd(places, '0'));
  if (!Number.isSafeInteger(cents)) return new Mistake('is more money than there is');
  const rest = fraction.slice(places).replace(/0+$/, '');
  const part = Number(`0.${rest || '0'}`);
  if (round) return part < 0.5 ? cents : cents + 1;
  const noise = rest.length > 3 ? noiseCents : 0;
  if (part <= noise) return cents;
  return part >= 1 - noise ? cents + 1 : new Mistake('has a fraction of a cent; `round: true` rounds it');
}

const groupMarks = { '.': /[,\s'’]/u, ',': /[.\s'’]/u } as const;

/** Takes the marks between thousands away; undefined where they do not stand between thousands. */
function ungroup(written: string, decimal: '.' | ','): string | undefined {
  if (decimal === '.' && plain.test(written)) return written;
  const [whole = '', ...fractions] = written.split(decimal);
  const parts = whole.split(groupMarks[decimal]);
  if (fractions.length > 1 || parts.slice(1).some((part) => part.length !== 3)) return undefined;
  if (parts.length > 1 && ((parts[0] ?? '').length > 3 || parts[0] === '')) return undefined;
  return [parts.join(''), ...fractions].join('.');
}
