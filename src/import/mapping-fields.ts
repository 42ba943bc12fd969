import type { Fault } from '../contract/errors.ts';
import type { LineSection, Mapping, OrderSection, StoreSection } from './mapping-schema.ts';
import { compileTimeFormat } from './time-format.ts';
import { isZone } from './zone.ts';

const sources = ['column', 'columns', 'template', 'constant'] as const;
type AnyField = Readonly<Record<string, unknown>>;

/** What is wrong with the fields of a mapping, apart from the names of columns. */
export function fieldFaults(mapping: Mapping): Fault[] {
  return [
    ...missingFields(mapping),
    ...fieldsOf(mapping).flatMap(([path, field]) => faultsOfField(path, field)),
    ...Object.entries(mapping.files).flatMap(([name, { extract }]) => patternFaults(`files.${name}.extract`, extract)),
  ];
}

function missingFields({ order, line, stores }: Mapping): Fault[] {
  const faults: Fault[] = [];
  const need = (section: string, fields: readonly string[], given: object | undefined) => {
    for (const field of fields) {
      if (given && !(field in given)) {
        faults.push({ path: `${section}.${field}`, message: 'is missing: name its column, or give a constant.' });
      }
    }
  };
  if (!order.wire) need('order', ['order_id', 'ordered_at', 'store_id', 'channel'], order);
  if (line === undefined && !order.wire) faults.push({ path: 'line', message: 'is missing: orders need lines.' });
  if (!line?.wire) need('line', ['kind'], line);
  if (line && !line.wire && line.unit_price === undefined && line.line_price === undefined) {
    faults.push({ path: 'line.unit_price', message: 'is missing: give unit_price, or line_price for whole lines.' });
  }
  if (line?.unit_price !== undefined && line.line_price !== undefined) {
    faults.push({ path: 'line.line_price', message: 'cannot stand beside unit_price: give one of them.' });
  }
  if (stores && !Array.isArray(stores) && stores.place === undefined) need('stores', ['state'], stores);
  return faults;
}

/** Every field of the mapping with its path; column names stand for themselves and have nothing to check. */
function fieldsOf({ order, line, stores }: Mapping): [string, AnyField][] {
  const { deliver_to, ...ofOrder } = order;
  const ofStores = Array.isArray(stores) ? undefined : stores;
  const toppings = typeof line?.toppings === 'object' ? line.toppings : {};
  const { name, portion, amount } = toppings;
  return [
    ...objectsIn('order', ofOrder),
    ...objectsIn('order.deliver_to', deliver_to),
    ...objectsIn('line', line),
    ...objectsIn('line.toppings', { name, portion, amount }),
    ...objectsIn('stores', ofStores),
  ];
}

function objectsIn(
  path: string,
  section: Partial<OrderSection & LineSection & StoreSection> | undefined | AnyField,
): [string, AnyField][] {
  return Object.entries(section ?? {}).flatMap(([member, field]): [string, AnyField][] =>
    typeof field === 'object' && field !== null ? [[`${path}.${member}`, field as AnyField]] : [],
  );
}

function faultsOfField(path: string, field: AnyField): Fault[] {
  const given = sources.filter((source) => field[source] !== undefined);
  const rows = field['from'] !== undefined;
  const faults = [...patternFaults(`${path}.extract`, field['extract']), ...timeFaults(path, field)];
  if (rows && given.length > 0) {
    faults.push({ path, message: `takes its values either from a file (from) or from ${given.join(', ')}.` });
  }
  if (rows && field['name'] === undefined) faults.push({ path: `${path}.name`, message: 'is missing.' });
  if (!rows && given.length !== 1) {
    faults.push({ path, message: `needs exactly one of ${sources.join(', ')}${has(given)}.` });
  }
  return faults;
}

function has(given: readonly string[]): string {
  return given.length === 0 ? '' : `, and has ${given.join(' and ')}`;
}

function timeFaults(path: string, { zone, format }: AnyField): Fault[] {
  const faults: Fault[] = [];
  if (typeof zone === 'string') faults.push(...zoneFaults(`${path}.zone`, zone));
  if (typeof zone === 'object' && zone !== null) faults.push(...faultsOfField(`${path}.zone`, zone as AnyField));
  if (typeof format === 'string') {
    const compiled = compileTimeFormat(format);
    if (typeof compiled === 'string') faults.push({ path: `${path}.format`, message: compiled });
  }
  return faults;
}

/** A fault if there is a time zone and it does not exist. */
export function zoneFaults(path: string, zone: string | undefined): Fault[] {
  if (zone === undefined || isZone(zone)) return [];
  return [{ path, message: `"${zone}" is not an IANA time zone such as America/Chicago.` }];
}

function patternFaults(path: string, pattern: unknown): Fault[] {
  if (typeof pattern !== 'string') return [];
  try {
    new RegExp(pattern, 'u');
    return [];
  } catch (error) {
    return [{ path, message: `is not a regular expression: ${error instanceof Error ? error.message : error}.` }];
  }
}
