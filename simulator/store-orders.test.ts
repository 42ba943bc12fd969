import { createHash } from 'node:crypto';
import { Compile } from 'typebox/compile';
import { expect, it } from 'vitest';
import { parseInstant } from '../src/contract/instant.ts';
import { type Order, OrderSchema } from '../src/contract/order.ts';
import { hourMs } from './business-hours.ts';
import { createChain } from './chain.ts';
import { type OrderDraft, postsOf, writeOrder } from './order-draft.ts';
import { crowdsOf, lateMsMax, ordersOfStoreDay, ordersOfStoreHour, usualCrowd } from './store-orders.ts';

const chain = createChain({ seed: 1, stores: 60 });

function write(drafts: readonly OrderDraft[]): string[] {
  return drafts.flatMap((draft) => postsOf(draft).map((post) => writeOrder(post)));
}

function dayHash(of: typeof chain, date: string): string {
  const hash = createHash('sha256');
  for (const store of of.stores) for (const line of write(ordersOfStoreDay(of, store, date))) hash.update(line);
  return hash.digest('hex');
}

it('makes the same orders for the same seed, in any order of days', () => {
  const dates = ['2026-11-20', '2026-02-08', '2026-03-08'];
  const forwards = dates.map((date) => dayHash(chain, date));
  const again = createChain({ seed: 1, stores: 60 });
  const backwards = [...dates].reverse().map((date) => dayHash(again, date));
  expect(backwards.reverse()).toEqual(forwards);
  expect(dayHash(createChain({ seed: 2, stores: 60 }), '2026-11-20')).not.toBe(forwards[0]);
});

it('writes orders that the contract accepts, in every state', () => {
  const check = Compile(OrderSchema);
  for (const store of chain.stores) {
    for (const line of write(ordersOfStoreDay(chain, store, '2026-11-20'))) {
      const order = JSON.parse(line) as Order;
      expect(check.Check(order), line).toBe(true);
      expect(parseInstant(order.ordered_at)).toBeDefined();
      const gross = order.lines.reduce((sum, { quantity, unit_price_cents: cents }) => sum + quantity * cents, 0);
      expect(order.discount_cents ?? 0).toBeLessThanOrEqual(gross);
    }
  }
});

it('puts orders into opening hours, by time, with the offset of the store', () => {
  for (const store of chain.stores) {
    const drafts = ordersOfStoreDay(chain, store, '2026-07-04');
    const times = drafts.map(({ orderedAtMs }) => orderedAtMs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    for (const { orderedAtMs, offsetMinutes } of drafts) {
      const local = new Date(orderedAtMs + offsetMinutes * 60_000);
      const hour = local.getUTCDate() === 4 ? local.getUTCHours() : local.getUTCHours() + 24;
      expect(hour).toBeGreaterThanOrEqual(store.hours.opens);
      expect(hour).toBeLessThan(store.hours.closes);
    }
  }
});

it('gives every order of a chain another number, on the days when clocks change too', () => {
  const ids = ['2026-03-07', '2026-03-08', '2026-10-31', '2026-11-01'].flatMap((date) =>
    crowdsOf(2.5, 'superbowl').flatMap((crowd) =>
      [crowd, { ...crowd, profile: 'normal' as const }].flatMap((one) =>
        chain.stores.flatMap((store) => ordersOfStoreDay(chain, store, date, one).map(({ orderId }) => orderId)),
      ),
    ),
  );
  expect(new Set(ids).size).toBe(ids.length);
  expect(Math.max(...ids.map(({ length }) => length))).toBeLessThanOrEqual(64);
});

it('changes offsets in the night when clocks change', () => {
  const offsets = (date: string) => {
    const store = chain.stores.find(({ place, hours }) => place.timeZone === 'America/New_York' && hours.closes > 24);
    if (store === undefined) throw new Error('The chain has no store that is open so late.');
    const found = new Set<number>();
    for (const crowd of crowdsOf(40, 'normal')) {
      for (const { offsetMinutes } of ordersOfStoreDay(chain, store, date, crowd)) found.add(offsetMinutes);
    }
    return [...found].sort();
  };
  expect(offsets('2026-03-06')).toEqual([-300]);
  expect(offsets('2026-03-08')).toEqual([-240]);
  expect(offsets('2026-11-02')).toEqual([-300]);
});

it('makes an hour the same alone as within its day', () => {
  for (const store of chain.stores.slice(0, 20)) {
    const day = ordersOfStoreDay(chain, store, '2026-11-20');
    const hours = [...new Set(day.map(({ orderedAtMs }) => Math.floor(orderedAtMs / hourMs)))];
    const joined = hours.flatMap((hour) => ordersOfStoreHour(chain, store, hour, usualCrowd));
    expect(write(joined)).toEqual(write(day));
  }
});

it('keeps at a lower rate some of the orders, and at a higher rate all of them', () => {
  const at = (rate: number) =>
    new Set(
      crowdsOf(rate, 'normal').flatMap((crowd) =>
        chain.stores.flatMap((store) => write(ordersOfStoreDay(chain, store, '2026-11-20', crowd))),
      ),
    );
  const [half, one, more] = [at(0.5), at(1), at(3.5)];
  expect([...half].every((line) => one.has(line))).toBe(true);
  expect([...one].every((line) => more.has(line))).toBe(true);
  expect(half.size / one.size).toBeCloseTo(0.5, 1);
  expect(more.size / one.size).toBeCloseTo(3.5, 0);
});

it('knows no hand-over that is still to come, and all of them later', () => {
  const [store] = chain.stores;
  if (store === undefined) throw new Error('The chain has no store.');
  const [draft] = ordersOfStoreDay(chain, store, '2026-11-20').filter(({ fate }) => fate === 'plain');
  const [post] = draft === undefined ? [] : postsOf(draft);
  if (post === undefined) throw new Error('The store sold nothing.');
  expect(writeOrder(post)).not.toContain('completed_at');
  const later = JSON.parse(writeOrder(post, post.sentAtMs + 4 * hourMs)) as Order;
  expect(Date.parse(later.completed_at ?? '')).toBeGreaterThan(Date.parse(later.ordered_at));
});

it('sends what befalls orders as a till would', () => {
  const drafts = chain.stores.flatMap((store) => ordersOfStoreDay(chain, store, '2026-11-20'));
  const posts = (fate: OrderDraft['fate']) => drafts.filter((draft) => draft.fate === fate).map(postsOf);
  for (const [placed, again] of posts('duplicate')) {
    expect(placed && again && writeOrder(again, 0)).toBe(placed && writeOrder(placed, 0));
  }
  for (const [placed, amended] of posts('amended')) {
    expect([placed?.revision, amended?.revision]).toEqual([1, 2]);
    expect(amended && writeOrder(amended)).not.toBe(placed && writeOrder(placed));
  }
  for (const [, voided] of posts('voided')) {
    expect(JSON.parse((voided && writeOrder(voided)) ?? '{}')).toMatchObject({ revision: 2, status: 'voided' });
  }
  for (const [late] of posts('late')) {
    const delayMs = (late?.sentAtMs ?? 0) - (late?.draft.orderedAtMs ?? 0);
    expect(delayMs).toBeGreaterThanOrEqual(60_000);
    expect(delayMs).toBeLessThanOrEqual(lateMsMax);
  }
});
