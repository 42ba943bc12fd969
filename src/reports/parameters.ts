import Type, { type TSchema } from 'typebox';
import { type Fault, SlicehouseError } from '../contract/errors.ts';
import { isCalendarDate } from '../contract/instant.ts';
import { limits } from '../contract/limits.ts';
import { stateCode, states } from '../contract/states.ts';
import type { SqlParameter, SqlParameters } from '../warehouse/warehouse.ts';

/** A parameter of a report: its schema for people and programs, and how a written value becomes one that SQL takes. */
export interface Parameter {
  readonly schema: TSchema;
  readonly defaultValue: SqlParameter;
  /** The default of exported files, where it differs. */
  readonly fileDefault?: SqlParameter;
  /** The value, or undefined when what is written is not allowed. */
  read(written: string): SqlParameter | undefined;
  /** What is allowed, to follow "must be". */
  readonly allowed: string;
}

const codes = states.map((state) => state.code);

export const state: Parameter = {
  schema: Type.String({
    description:
      'USPS code or name of a state, DC or PR; or `unresolved`: orders no state is known for. Default: the whole country',
    examples: ['CA'],
  }),
  defaultValue: null,
  read: (written) => (written === 'unresolved' ? written : stateCode(written)),
  allowed: `one of ${codes.join(', ')}, or unresolved; leave it out for the whole country`,
};

const date = (description: string): Parameter => ({
  schema: Type.String({ format: 'date', description }),
  defaultValue: null,
  read: (written) => (isCalendarDate(written) ? written : undefined),
  allowed: 'an existing date written YYYY-MM-DD',
});

export const from = date('First business date, inclusive. Default: the first there is');
export const to = date('Last business date, inclusive. Default: the last there is');

const everyRow = 2 ** 31 - 1;

/** How many rows, best first. `wholeFiles`: exported files have every row unless a limit is named. */
export const limit = (defaultValue: number, { wholeFiles = false } = {}): Parameter => ({
  schema: Type.Integer({
    minimum: 1,
    maximum: limits.reportRowsMax,
    default: defaultValue,
    description: `How many rows${wholeFiles ? '; files (csv, xlsx, parquet) have all of them unless a limit is named' : ''}`,
  }),
  defaultValue,
  fileDefault: wholeFiles ? everyRow : defaultValue,
  read: (written) => {
    const rows = /^\d{1,6}$/.test(written) ? Number(written) : 0;
    return rows >= 1 && rows <= limits.reportRowsMax ? rows : undefined;
  },
  allowed: `a whole number from 1 to ${limits.reportRowsMax.toLocaleString('en-US')}`,
});

export type ParameterTable = Readonly<Record<string, Parameter>>;

/**
 * Reads written parameters (query string, command line) for a report.
 *
 * @throws SlicehouseError `invalid_parameter` naming every mistake and what is allowed
 */
export function readParameters(
  table: ParameterTable,
  written: Readonly<Record<string, unknown>>,
  toFile = false,
): SqlParameters {
  const faults: Fault[] = [];
  const values: Record<string, SqlParameter> = {};
  for (const name of Object.keys(written)) {
    if (!Object.hasOwn(table, name)) {
      faults.push({
        path: name,
        message: `is not a parameter of this report; it takes ${Object.keys(table).join(', ')}`,
      });
    }
  }
  for (const [name, parameter] of Object.entries(table)) {
    const raw = Object.hasOwn(written, name) ? written[name] : undefined;
    const value = raw === undefined || raw === '' ? defaultOf(parameter, toFile) : parameter.read(String(raw));
    if (value === undefined)
      faults.push({ path: name, message: `must be ${parameter.allowed}; it is '${String(raw).slice(0, 80)}'` });
    else values[name] = value;
  }
  const [first, last] = [values['from'], values['to']];
  if (typeof first === 'string' && typeof last === 'string' && first > last) {
    faults.push({ path: 'from', message: `must not be after to; from is ${first} and to is ${last}` });
  }
  if (faults.length > 0) {
    const detail = faults.map((fault) => `${fault.path} ${fault.message}.`).join(' ');
    throw new SlicehouseError('invalid_parameter', detail, { errors: faults });
  }
  return values;
}

function defaultOf({ defaultValue, fileDefault = defaultValue }: Parameter, toFile: boolean): SqlParameter {
  return toFile ? fileDefault : defaultValue;
}
