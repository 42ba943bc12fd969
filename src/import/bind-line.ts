import { lineKinds } from '../contract/order.ts';
import type { Binder, Row } from './binder.ts';
import { bindInteger, bindMoney, bindOneOf, bindPlain } from './convert.ts';
import { parseJson } from './json-value.ts';
import type { LineSection, MoneyField } from './mapping-schema.ts';
import type { Note, ReadField } from './text-field.ts';
import { bindToppingList, bindToppingRows, type Toppings } from './toppings.ts';

/** What a row says about its order: its lines (two where a price does not divide), and its share of the discount. */
interface BuiltLine {
  readonly lines: readonly Record<string, unknown>[];
  readonly discountCents: number;
}

/** Builds the lines of a row; what is wrong is noted, and stays in the line as it is written. */
export type BuildLine = (row: Row, note: Note) => BuiltLine;

/** Binds the `line` section; `toppingRows` where the toppings are rows of a file of their own. */
export function bindLine(
  section: LineSection,
  binder: Binder,
  toppingRows: { readonly slot: number; readonly binder: Binder } | undefined,
): BuildLine {
  const base = section.wire ? bindBase(binder) : () => ({});
  const members = bindMembers(section, binder);
  const toppings = bindToppings(section, binder, toppingRows);
  const money = (field: MoneyField | undefined, path: string) =>
    field === undefined ? undefined : bindMoney(field, path, binder);
  const discount = money(section.discount, 'line.discount');
  const linePrice = money(section.line_price, 'line.line_price');
  return (row, note) => {
    const line: Record<string, unknown> = base(row);
    for (const { name, read } of members) {
      const value = read(row, note);
      if (value !== undefined) line[name] = value;
    }
    addToppings(line, toppings(row, note));
    if (section.quantity === undefined) line['quantity'] ??= 1;
    const off = discount?.(row, note) ?? 0;
    const discountCents = typeof off === 'number' ? off : 0;
    if (!linePrice) return { lines: [line], discountCents };
    return { lines: priceLine(line, linePrice(row, note)), discountCents };
  };
}

/** A sauce, cheese or crust with a column of its own comes before one from the list of toppings. */
function addToppings(line: Record<string, unknown>, found: Toppings | undefined): void {
  if (found === undefined) return;
  const { toppings, ...parts } = found;
  for (const [name, part] of Object.entries(parts)) line[name] ??= part;
  line['toppings'] = toppings;
}

function bindBase(binder: Binder): (row: Row) => Record<string, unknown> {
  const slot = binder.raw();
  return (row) => objectOf(row[slot]);
}

/** The object that a row in the wire format is; nothing of it where it is no object. */
export function objectOf(raw: string | null | undefined): Record<string, unknown> {
  try {
    const value = parseJson(raw ?? '');
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {};
  } catch {
    return {};
  }
}

function bindMembers(section: LineSection, binder: Binder): { name: string; read: ReadField<unknown> }[] {
  const texts = (['menu_item', 'size', 'crust', 'sauce', 'cheese'] as const).flatMap((name) => {
    const field = section[name];
    return field === undefined ? [] : [{ name, read: bindPlain(field, `line.${name}`, binder) }];
  });
  const { kind, quantity, unit_price: price } = section;
  return [
    ...(kind === undefined ? [] : [{ name: 'kind', read: bindOneOf(kind, 'line.kind', binder, lineKinds) }]),
    ...texts,
    ...(quantity === undefined ? [] : [{ name: 'quantity', read: bindInteger(quantity, 'line.quantity', binder) }]),
    ...(price === undefined ? [] : [{ name: 'unit_price_cents', read: bindMoney(price, 'line.unit_price', binder) }]),
  ];
}

function bindToppings(
  { toppings: field }: LineSection,
  binder: Binder,
  rows: { readonly slot: number; readonly binder: Binder } | undefined,
): (row: Row, note: Note) => Toppings | undefined {
  if (field === undefined) return () => undefined;
  if (rows && typeof field === 'object') return bindToppingRows(field, 'line.toppings', rows);
  return bindToppingList(field, 'line.toppings', binder);
}

/**
 * Gives a line its price per piece from that of the whole line. Three for 10.00 dollars are one at 3.34 and two at
 * 3.33, so that the order adds up to the cent.
 */
function priceLine(line: Record<string, unknown>, price: number | string | undefined): Record<string, unknown>[] {
  const quantity = line['quantity'];
  if (typeof price !== 'number' || typeof quantity !== 'number' || quantity < 1) {
    return [price === undefined ? line : { ...line, unit_price_cents: price }];
  }
  const low = Math.floor(price / quantity);
  const more = price - low * quantity;
  return [
    ...(more > 0 ? [{ ...line, quantity: more, unit_price_cents: low + 1 }] : []),
    { ...line, quantity: quantity - more, unit_price_cents: low },
  ];
}
