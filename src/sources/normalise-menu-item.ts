import Type from 'typebox';
import { Compile } from 'typebox/compile';
import { limits } from '../contract/limits.ts';
import { lineKinds } from '../contract/order.ts';
import type { Normalised } from './normalise-reference.ts';

/** What a menu item is as reference data: a name of the menu, in one size or in all, and what one costs to make. */
const MenuItemSchema = Type.Object({
  menu_item_id: Type.String({ minLength: 1, maxLength: 64 }),
  menu_item: Type.String({ minLength: 1, maxLength: 120 }),
  kind: Type.Optional(Type.Enum([...lineKinds])),
  size: Type.Optional(Type.String({ maxLength: 40 })),
  unit_cost_cents: Type.Optional(Type.Integer({ minimum: 0, maximum: limits.priceCentsMax })),
});

const checked = Compile(MenuItemSchema);

/** Checks a menu item; what it does not say is null. */
export function normaliseMenuItem(value: unknown): Normalised {
  if (!checked.Check(value)) {
    return { faults: checked.Errors(value).map(({ instancePath, message }) => ({ path: instancePath, message })) };
  }
  return {
    record: {
      menu_item_id: value.menu_item_id,
      menu_item: value.menu_item,
      kind: value.kind ?? null,
      size: value.size ?? null,
      unit_cost_cents: value.unit_cost_cents ?? null,
      changed_at: null,
    },
  };
}
