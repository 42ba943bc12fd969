import type { House } from '../../src/apps/house.ts';
import { type Answer, ask, postLines } from './houses.ts';
import { anOrder, aPizza } from './orders.ts';

/** One thing that happens to a house; numbers choose among what there is. */
export type BookAction =
  | { readonly what: 'orders'; readonly orders: readonly OrderChoice[]; readonly broken: number }
  | { readonly what: 'replay' | 'drop'; readonly pick: number }
  | { readonly what: 'stores'; readonly store: number; readonly state: string }
  | { readonly what: 'settle' | 'archive' };

export interface OrderChoice {
  readonly order: number;
  readonly revision: number;
  readonly voided: boolean;
  readonly store: number;
  readonly lines: number;
}

/** An order that follows from its choice alone. */
export function orderOfChoice({ order, revision, voided, store, lines }: OrderChoice): object {
  return anOrder({
    order_id: `o-${order}`,
    revision,
    ...(voided ? { status: 'voided' as const } : {}),
    store_id: `s-${store}`,
    ...(order % 3 === 0 ? {} : { customer_id: `c-${order % 5}` }),
    ordered_at: `2026-0${1 + (order % 6)}-1${order % 9}T0${order % 8}:30:00-06:00`,
    discount_cents: (order * 37) % 400,
    lines: Array.from({ length: lines }, (_, index) =>
      index % 3 === 2
        ? { kind: 'side' as const, menu_item: `Side ${order % 4}`, quantity: 1 + (index % 2), unit_price_cents: 450 }
        : aPizza({
            toppings: [['onion', 'bacon', 'basil'][(order + index + revision) % 3] ?? 'ham'],
            quantity: 1 + revision,
          }),
    ),
  });
}

/** Does it; gives how many orders and rejects the house has taken. */
export async function act(house: House, action: BookAction): Promise<number> {
  if (action.what === 'settle') await house.settled();
  if (action.what === 'archive') {
    await house.settled();
    await house.archiveAll();
  }
  if (action.what === 'stores') {
    const body = JSON.stringify({ store_id: `s-${action.store}`, state: action.state });
    expectTaken(await ask(house, '/v1/reference/stores', { method: 'PUT', headers: ndjson, body }), 200, 202);
  }
  if (action.what === 'replay' || action.what === 'drop') return resolveOne(house, action.what, action.pick);
  if (action.what !== 'orders') return 0;
  const broken = Array.from({ length: action.broken }, (_, index) => `{"order_id": ${index % 3}`);
  const lines = [...action.orders.map(orderOfChoice), ...broken];
  if (lines.length > 0) expectTaken(await postLines(house, lines), 202, 422);
  return lines.length;
}

const ndjson = { 'content-type': 'application/x-ndjson' };

async function resolveOne(house: House, what: 'replay' | 'drop', pick: number): Promise<number> {
  await house.settled();
  const { quarantine } = (await ask(house, '/v1/quarantine')).json as { quarantine: { id: string }[] };
  const record = quarantine[pick % quarantine.length];
  if (!record) return 0;
  const url = `/v1/quarantine/${record.id}`;
  if (what === 'drop') {
    expectTaken(await ask(house, url, { method: 'DELETE' }), 202);
    return 0;
  }
  const corrected = orderOfChoice({ order: 100 + pick, revision: 1, voided: false, store: 1, lines: 2 });
  expectTaken(await postJson(house, `${url}/replay`, corrected), 202);
  return 1;
}

function postJson(house: House, url: string, body: object): Promise<Answer> {
  return ask(house, url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

function expectTaken({ status, text }: Answer, ...right: readonly number[]): void {
  if (!right.includes(status)) throw new Error(`The house answered ${status}: ${text}`);
}
