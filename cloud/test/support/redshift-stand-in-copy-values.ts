import type { CopyOptions } from './redshift-stand-in-copy-options.ts';

/** A column that COPY fills. */
export interface Column {
  readonly name: string;
  /** PostgreSQL's name of its type; `varchar_64` is 64 bytes of text. */
  readonly type: string;
  readonly isRequired: boolean;
  readonly isIdentity: boolean;
}

/** Why COPY does not take a line, with Redshift's number for it. */
export class LoadError extends Error {
  readonly code: number;
  readonly column: Column | undefined;

  constructor(code: number, message: string, column?: Column) {
    super(message);
    this.code = code;
    this.column = column;
  }
}

const integers: Readonly<Record<string, readonly [name: string, max: bigint]>> = {
  smallint: ['Short', 2n ** 15n - 1n],
  integer: ['Integer', 2n ** 31n - 1n],
  bigint: ['Long', 2n ** 63n - 1n],
};

/**
 * The value of a JSON member as PostgreSQL reads it into a column; NULL when there is none.
 *
 * @throws LoadError when it is not of the column's type, or too long for it
 */
export function toText(value: unknown, column: Column, options: CopyOptions): string | null {
  if (value === undefined || value === null) {
    if (column.isRequired) throw new LoadError(1213, 'Missing data for not-null field', column);
    return null;
  }
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  const bytes = /\bvarchar_(\d+)$/.exec(column.type)?.[1];
  if (bytes !== undefined) return characters(text, Number(bytes), column);
  const integer = integers[column.type];
  if (integer) return whole(text, integer[0], integer[1], column);
  if (column.type.startsWith('numeric')) return decimal(text, column);
  if (column.type === 'double precision' || column.type === 'real') return float(text, column);
  if (column.type === 'boolean') return truth(text, column);
  if (column.type === 'date') return day(text, column);
  if (column.type.startsWith('timestamp')) return instant(text, column, options.timeFormat);
  return text;
}

function characters(text: string, bytesMax: number, column: Column): string {
  if (text.includes('\0') || !text.isWellFormed()) {
    throw new LoadError(1220, 'String contains invalid or unsupported UTF8 codepoints', column);
  }
  if (Buffer.byteLength(text) > bytesMax) throw new LoadError(1204, 'String length exceeds DDL length', column);
  return text;
}

function whole(text: string, type: string, max: bigint, column: Column): string {
  if (!/^[+-]?\d+$/.test(text)) {
    const at = text.search(/(?!^[+-])\D/);
    throw new LoadError(1207, `Invalid digit, Value '${text[at] ?? ''}', Pos ${at}, Type: ${type}`, column);
  }
  const value = BigInt(text);
  if (value > max || value < -max - 1n) throw new LoadError(1222, `Overflow, Type: ${type}`, column);
  return text;
}

/** Digits beyond the scale are cut, as COPY does without ROUNDEC. */
function decimal(text: string, column: Column): string {
  const [, precision = '18', scale = '0'] = /\((\d+),(\d+)\)/.exec(column.type) ?? [];
  const [all, sign = '', digits = '', fraction = ''] = /^([+-]?)(\d+)(?:\.(\d*))?$/.exec(text) ?? [];
  if (all === undefined) throw new LoadError(1209, `Invalid digit, Value '${text}', Type: Decimal`, column);
  if (digits.replace(/^0+/, '').length > Number(precision) - Number(scale)) {
    throw new LoadError(1204, 'Numeric value exceeds the range of the column', column);
  }
  return `${sign}${digits}.${fraction.slice(0, Number(scale)) || '0'}`;
}

function float(text: string, column: Column): string {
  if (text.trim() === '' || !Number.isFinite(Number(text)))
    throw new LoadError(1208, `Invalid float '${text}'`, column);
  return text;
}

function truth(text: string, column: Column): string {
  if (/^(t|true|y|yes|1)$/i.test(text)) return 'true';
  if (/^(f|false|n|no|0)$/i.test(text)) return 'false';
  throw new LoadError(1210, `Unknown boolean format '${text}'`, column);
}

function day(text: string, column: Column): string {
  if (/^\d{4}-\d\d-\d\d$/.test(text) && isReal(`${text}T00:00:00Z`, text)) return text;
  throw new LoadError(1205, `Invalid Date Format '${text}'`, column);
}

function instant(text: string, column: Column, format: CopyOptions['timeFormat']): string {
  const invalid = new LoadError(1206, `Invalid timestamp format or value '${text}'`, column);
  if (format === 'epochsecs' || format === 'epochmillisecs') {
    if (!/^\d+$/.test(text)) throw invalid;
    return new Date(Number(text) * (format === 'epochsecs' ? 1000 : 1)).toISOString().replace('Z', '');
  }
  const pattern = format === 'auto' ? /^(\d{4}-\d\d-\d\d)[ T](\S+)$/ : /^(\d{4}-\d\d-\d\d) (\S+)$/;
  const [, date, time] = pattern.exec(text) ?? [];
  // What becomes of a zone in a column without one is left open in Redshift's documents, so it is not tried.
  const isTime = /^\d\d:\d\d:\d\d(\.\d{1,6})?$/.test(time ?? '');
  if (date === undefined || !isTime || !isReal(`${date}T${time}Z`, date)) throw invalid;
  return `${date} ${time}`;
}

/** Whether there is such a day: JavaScript turns February 30 into March. */
function isReal(iso: string, date: string): boolean {
  const time = Date.parse(iso);
  return Number.isFinite(time) && new Date(time).toISOString().startsWith(date);
}
