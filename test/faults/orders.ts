import type { Order, OrderLine } from '../../src/contract/order.ts';

const states = ['TX', 'CA', 'NY', 'IL', 'FL', 'OH', 'WA'] as const;
const toppings = ['pepperoni', 'mushroom', 'onion', 'bacon', 'pineapple'] as const;

/** What an order of `orderOf` must look like in the warehouse. */
export interface Expected {
  readonly lines: number;
  readonly pizzas: number;
  readonly netCents: number;
}

/** The order with this number: everything in it follows from the number, so that posting it again is a repeat. */
export function orderOf(number: number): Order {
  return {
    order_id: orderId(number),
    ordered_at: new Date(Date.UTC(2026, 0, 1) + (number % 8_000) * 600_000).toISOString(),
    store_id: `s-${number % 40}`,
    customer_id: `c-${number % 997}`,
    channel: 'delivery',
    deliver_to: { state: states[number % states.length] ?? 'TX' },
    lines: Array.from({ length: 1 + (number % 3) }, (_, index) => lineOf(number, index)),
  };
}

function lineOf(number: number, index: number): OrderLine {
  return {
    kind: 'pizza',
    menu_item: 'Faults Special',
    size: 'large',
    crust: 'thin',
    toppings: [toppings[(number + index) % toppings.length] ?? 'onion'],
    quantity: 1 + ((number + index) % 2),
    unit_price_cents: 1_000 + (number % 500),
  };
}

export function orderId(number: number): string {
  return `f-${number}`;
}

/** What the warehouse must hold of the order with this number. */
export function expectedOf(number: number): Expected {
  const { lines } = orderOf(number);
  return {
    lines: lines.length,
    pizzas: lines.reduce((sum, line) => sum + line.quantity, 0),
    netCents: lines.reduce((sum, line) => sum + line.quantity * line.unit_price_cents, 0),
  };
}
