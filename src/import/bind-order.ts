import { channels, orderStatuses } from '../contract/order.ts';
import { objectOf } from './bind-line.ts';
import type { Binder, Row } from './binder.ts';
import { bindInteger, bindMoney, bindOneOf, bindPlace, bindPlain, bindTime } from './convert.ts';
import type { OrderSection } from './mapping-schema.ts';
import type { Note, ReadField } from './text-field.ts';

/** Builds an order without its lines from its first row; what is wrong is noted and stays as it is written. */
export type BuildOrder = (row: Row, note: Note) => Record<string, unknown>;

/** Binds the `order` section; `zone` is that of the whole mapping. */
export function bindOrder(section: OrderSection, binder: Binder, zone: string | undefined): BuildOrder {
  const raw = section.wire ? binder.raw() : -1;
  const members = bindMembers(section, binder, zone);
  return (row, note) => {
    const order: Record<string, unknown> = section.wire ? objectOf(row[raw]) : {};
    for (const { name, read } of members) {
      const value = read(row, note);
      if (value !== undefined) order[name] = value;
    }
    return order;
  };
}

function bindMembers(section: OrderSection, binder: Binder, zone: string | undefined) {
  const members: { name: string; read: ReadField<unknown> }[] = [];
  const bind = <K extends keyof OrderSection>(
    key: K,
    make: (field: NonNullable<OrderSection[K]>, path: string) => ReadField<unknown>,
    name: string = key,
  ) => {
    const field = section[key];
    if (field !== undefined) members.push({ name, read: make(field, `order.${key}`) });
  };
  bind('order_id', (field, path) => bindPlain(field, path, binder));
  bind('revision', (field, path) => bindInteger(field, path, binder));
  bind('status', (field, path) => bindOneOf(field, path, binder, orderStatuses));
  bind('ordered_at', (field, path) => bindTime(field, path, binder, zone));
  bind('store_id', (field, path) => bindPlain(field, path, binder));
  bind('customer_id', (field, path) => bindPlain(field, path, binder));
  bind('channel', (field, path) => bindOneOf(field, path, binder, channels));
  bind('deliver_to', (field, path) => bindPlace(field, path, binder));
  bind('promised_at', (field, path) => bindTime(field, path, binder, zone));
  bind('completed_at', (field, path) => bindTime(field, path, binder, zone));
  bind('discount', (field, path) => bindMoney(field, path, binder), 'discount_cents');
  return members;
}
