import Type, { type Static } from 'typebox';
import Format from 'typebox/format';
import { parseInstant } from './instant.ts';
import { limits } from './limits.ts';

/** A short text: 1 to `max` characters. */
const text = (max: number, description: string) => Type.String({ minLength: 1, maxLength: max, description });

// One reading of instants everywhere: what the check lets through, the rest can rely on.
Format.Set('date-time', (written) => parseInstant(written) !== undefined);

/** An instant as RFC 3339 writes it, with an offset. */
const instant = (description: string) =>
  Type.String({ format: 'date-time', minLength: 20, maxLength: 40, description });

const cents = (description: string) =>
  Type.Integer({ minimum: 0, maximum: limits.priceCentsMax, description: `${description}, in US cents` });

export const orderStatuses = ['placed', 'voided'] as const;
export const channels = ['delivery', 'carryout', 'dine_in', 'third_party'] as const;
export const lineKinds = ['pizza', 'side', 'drink'] as const;
export const portions = ['whole', 'left', 'right'] as const;
export const amounts = ['light', 'regular', 'extra'] as const;

export type Channel = (typeof channels)[number];
export type LineKind = (typeof lineKinds)[number];
export type Portion = (typeof portions)[number];
export type Amount = (typeof amounts)[number];

export const ToppingSchema = Type.Union(
  [
    text(60, 'Name of a topping that covers the whole pizza in the regular amount'),
    Type.Object({
      name: text(60, 'Name of the topping'),
      portion: Type.Optional(Type.Enum([...portions], { description: 'Where it lies; default whole' })),
      amount: Type.Optional(Type.Enum([...amounts], { description: 'How much of it; default regular' })),
    }),
  ],
  { description: 'A topping: its name, or its name with portion and amount' },
);
export type Topping = Static<typeof ToppingSchema>;

export const OrderLineSchema = Type.Object(
  {
    kind: Type.Enum([...lineKinds], { description: 'What is sold on this line' }),
    menu_item: Type.Optional(text(120, 'Name on the menu')),
    size: Type.Optional(text(40, 'Size as the menu names it; default unspecified')),
    crust: Type.Optional(text(40, 'Crust; default unspecified')),
    sauce: Type.Optional(text(40, 'Sauce; default unspecified')),
    cheese: Type.Optional(text(40, 'Cheese, or its amount; default unspecified')),
    toppings: Type.Optional(
      Type.Array(ToppingSchema, { maxItems: limits.pizzaToppingsMax, description: 'Toppings; default none' }),
    ),
    quantity: Type.Integer({ minimum: 1, maximum: limits.quantityMax, description: 'How many of this line' }),
    unit_price_cents: cents('Price of one, before discount, tax, tip and delivery fee'),
  },
  { description: 'One position of an order' },
);
export type OrderLine = Static<typeof OrderLineSchema>;

export const AddressSchema = Type.Object(
  {
    state: Type.Optional(text(40, 'State as people write it: TX, tx, Texas')),
    city: Type.Optional(text(100, 'City')),
    zip: Type.Optional(text(10, 'ZIP code, five digits or ZIP+4')),
  },
  { description: 'A place in the United States' },
);

/** An order as a point of sale posts it. Members not named here are allowed and ignored. */
export const OrderSchema = Type.Object(
  {
    order_id: text(64, 'Unique within its source'),
    revision: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: limits.revisionMax,
        description: 'A higher revision replaces a lower one; default 1',
      }),
    ),
    status: Type.Optional(Type.Enum([...orderStatuses], { description: 'Default placed' })),
    ordered_at: instant('When the customer ordered, RFC 3339 with an offset'),
    store_id: text(64, 'The store that takes the order'),
    customer_id: Type.Optional(text(64, 'Absent for a guest')),
    channel: Type.Enum([...channels], { description: 'How the order reaches its customer' }),
    deliver_to: Type.Optional(AddressSchema),
    promised_at: Type.Optional(instant('When the customer was told it would be ready')),
    completed_at: Type.Optional(instant('When it was handed over')),
    discount_cents: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 100_000_000,
        description: 'Discount on the whole order, in US cents; default 0',
      }),
    ),
    lines: Type.Array(OrderLineSchema, {
      minItems: 1,
      maxItems: limits.orderLinesMax,
      description: 'What was ordered',
    }),
  },
  { description: 'What one customer buys in one go at one store' },
);
export type Order = Static<typeof OrderSchema>;
