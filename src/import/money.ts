import { Mistake } from './mistake.ts';

/** How money is written. */
export interface MoneyReading {
  readonly unit: 'dollars' | 'cents';
  readonly decimal: '.' | ',';
  /** Round fractions of a cent (half up) instead of refusing them. */
  readonly round: boolean;
}

const plain = /^(\d+)(?:\.(\d*))?$|^\.(\d+)$/;

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
  const rest = Number(`0.${fraction.slice(places) || '0'}`);
  if (!Number.isSafeInteger(cents)) return new Mistake('is more money than there is');
  if (rest < 0.01 || (round && rest < 0.5)) return cents;
  return rest > 0.99 || round ? cents + 1 : new Mistake('has a fraction of a cent; `round: true` rounds it');
}

/** Takes the marks between thousands away; undefined where they do not stand between thousands. */
function ungroup(written: string, decimal: '.' | ','): string | undefined {
  const [group, mark] = decimal === '.' ? [',', '.'] : ['.', ','];
  const [whole = '', ...fractions] = written.split(mark);
  const parts = whole.split(new RegExp(`[${group}\\s'’]`, 'u'));
  if (fractions.length > 1 || parts.slice(1).some((part) => part.length !== 3)) return undefined;
  if (parts.length > 1 && ((parts[0] ?? '').length > 3 || parts[0] === '')) return undefined;
  return [parts.join(''), ...fractions].join('.');
}
