import { amounts, portions } from '../contract/order.ts';
import type { Binder, Row } from './binder.ts';
import { bindOneOf, bindPlain } from './convert.ts';
import { parseLiteral } from './json-value.ts';
import type { TextField, ToppingsField } from './mapping-schema.ts';
import { globPattern } from './match-files.ts';
import type { Table } from './table.ts';
import { bindText, type Note, valueTable } from './text-field.ts';

type ToppingsSpec = Exclude<ToppingsField, string>;

/** What an ingredient list says about a pizza. */
export interface Toppings {
  readonly toppings?: readonly unknown[];
  readonly sauce?: string;
  readonly cheese?: string;
  readonly crust?: string;
}

/** Binds a list of toppings in one column: names with a separator, or a JSON list of names or of objects. */
export function bindToppingList(
  field: ToppingsField,
  path: string,
  binder: Binder,
): (row: Row, note: Note) => Toppings | undefined {
  const spec: ToppingsSpec = typeof field === 'string' ? { column: field } : field;
  const { values, otherwise, ...textSpec } = pickText(spec);
  const read = bindText(textSpec, path, binder);
  const sort = createSorter(spec);
  const known = new Map<string, Toppings>();
  return (row) => {
    const text = read(row);
    if (text === undefined) return undefined;
    let toppings = known.get(text);
    if (!toppings) {
      toppings = sort(namesIn(text, spec.separator ?? ','));
      if (known.size > 10_000) known.clear();
      known.set(text, toppings);
    }
    return toppings;
  };
}

function pickText(spec: ToppingsSpec) {
  const { separator, drop, move, from, name, portion, amount, ...text } = spec;
  return text;
}

function namesIn(text: string, separator: string): unknown[] {
  const list = text.startsWith('[') ? parseLiteral(text) : undefined;
  if (Array.isArray(list)) return list;
  return text
    .split(separator)
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

const parts = ['sauce', 'cheese', 'crust'] as const;

/** Renames, drops and moves the names of a list as the mapping says; a second sauce stays a topping. */
function createSorter({ values = {}, otherwise, drop = [], move = {} }: ToppingsSpec) {
  const renamed = valueTable(values);
  const dropped = drop.map(globPattern);
  const moved = parts.map((part) => ({ part, globs: (move[part] ?? []).map(globPattern) }));
  const rename = (written: string) => renamed.get(written.toLowerCase()) ?? String(otherwise ?? written);
  return (items: readonly unknown[]): Toppings => {
    const toppings: unknown[] = [];
    const found: { sauce?: string; cheese?: string; crust?: string } = {};
    for (const item of items) {
      const written = nameOf(item);
      const name = rename(written);
      if (written === '' || fitsAny(dropped, name)) continue;
      const part = moved.find((other) => found[other.part] === undefined && fitsAny(other.globs, name))?.part;
      if (part) found[part] = name;
      else toppings.push(isObject(item) ? { ...item, name } : name);
    }
    return { ...found, toppings };
  };
}

function fitsAny(globs: readonly RegExp[], name: string): boolean {
  return globs.some((glob) => glob.test(name));
}

function isObject(item: unknown): item is object {
  return typeof item === 'object' && item !== null;
}

function nameOf(item: unknown): string {
  const name = isObject(item) && 'name' in item ? item.name : item;
  return name === null || name === undefined || isObject(name) ? '' : String(name).trim();
}

/** Binds toppings that are rows of a file of their own, which come as a JSON list of rows in one slot, each with its fault last. */
export function bindToppingRows(
  spec: ToppingsSpec,
  path: string,
  rows: { readonly slot: number; readonly binder: Binder },
): (row: Row, note: Note) => Toppings | undefined {
  const name = bindPlain(spec.name ?? '', `${path}.name`, rows.binder);
  const oneOf = (field: TextField | undefined, member: string, allowed: readonly string[]) =>
    field === undefined ? undefined : bindOneOf(field, `${path}.${member}`, rows.binder, allowed);
  const portion = oneOf(spec.portion, 'portion', portions);
  const amount = oneOf(spec.amount, 'amount', amounts);
  const sort = createSorter(spec);
  return (row, note) => {
    const list = row[rows.slot];
    if (list === null || list === undefined) return undefined;
    const toppings = (JSON.parse(list) as Row[]).map((inner) => {
      const fault = inner.at(-1);
      if (fault) note(`a row of ${spec.from} ${fault}`);
      const named = name(inner, note);
      if (named === undefined) note(`a row of ${spec.from} names no topping`);
      const [where, much] = [portion?.(inner, note), amount?.(inner, note)];
      const topping = {
        name: name(inner, note) ?? '',
        ...(where && { portion: where }),
        ...(much && { amount: much }),
      };
      return Object.keys(topping).length === 1 ? topping.name : topping;
    });
    return sort(toppings);
  };
}

/** The file whose rows are toppings, if the mapping names one. */
export function toppingsTable(field: ToppingsField | undefined, tables: ReadonlyMap<string, Table>): Table | undefined {
  return typeof field === 'object' && field.from !== undefined ? tables.get(field.from) : undefined;
}
