import type { Order, OrderLine } from '../../src/contract/order.ts';

const dayMs = 86_400_000;
let posted = 0;

/** A pizza line. */
export function pizza(name: string, quantity: number, cents: number, parts: Partial<OrderLine>): OrderLine {
  return { kind: 'pizza', menu_item: name, quantity, unit_price_cents: cents, ...parts };
}

/** An order at dinner time `daysAgo` days ago, delivered to a state. */
export function order(state: string, daysAgo: number, lines: OrderLine[], more: Partial<Order> = {}): Order {
  posted += 1;
  const date = new Date(Date.now() - daysAgo * dayMs).toISOString().slice(0, 10);
  return {
    order_id: `e2e-${process.pid}-${posted}`,
    ordered_at: `${date}T18:00:00Z`,
    store_id: 'a-store-nobody-knows',
    channel: 'delivery',
    deliver_to: { state },
    lines,
    ...more,
  };
}

export const pepperoni = { crust: 'hand tossed', toppings: ['pepperoni'] } satisfies Partial<OrderLine>;

/**
 * Orders whose figures can be added up in the head. Texas, 5 orders: 5 pepperoni for $75.00 to 2 customers, 3 half
 * mushroom for $51.00 to 1, 2 supreme for $38.00 (after a discount of $2.00) to 1, 1 cheese for $12.00 to a guest;
 * with a side for $5.99 that makes $181.99. Ohio: 3 pizzas now against 2 in the period before. Wyoming: nothing.
 */
export function textbookOrders(): Order[] {
  const halfMushroom = {
    crust: 'thin',
    toppings: ['pepperoni', { name: 'mushroom', portion: 'left' }],
  } satisfies Partial<OrderLine>;
  const supreme = {
    crust: 'deep dish',
    toppings: ['pepperoni', 'sausage', 'green pepper', 'onion', 'black olives'],
  } satisfies Partial<OrderLine>;
  const side: OrderLine = { kind: 'side', menu_item: 'Garlic Knots', quantity: 1, unit_price_cents: 599 };
  return [
    order('TX', 1, [pizza('Pepperoni', 4, 1500, pepperoni)], { customer_id: 'c-1' }),
    order('TX', 1, [pizza('Half and Half', 3, 1700, halfMushroom), side], { customer_id: 'c-2' }),
    order('TX', 2, [pizza('Supreme', 2, 2000, supreme)], { customer_id: 'c-1', discount_cents: 200 }),
    order('TX', 2, [pizza('Cheese', 1, 1200, { crust: 'hand tossed' })]),
    order('TX', 3, [pizza('Pepperoni', 1, 1500, pepperoni)], { customer_id: 'c-3' }),
    order('CA', 1, [pizza('Pepperoni', 2, 1550, pepperoni)], { customer_id: 'c-4' }),
    order('OH', 5, [pizza('Pepperoni', 3, 1500, pepperoni)], { customer_id: 'c-5' }),
    order('OH', 54, [pizza('Pepperoni', 2, 1500, pepperoni)], { customer_id: 'c-5' }),
    order('PR', 4, [pizza('Supreme', 1, 1900, supreme)], { customer_id: 'c-6' }),
  ];
}
