import type { Channel } from '../src/contract/order.ts';
import { type BusinessHour, hourMs } from './business-hours.ts';
import { type DayNumber, dateOf, dayOf, weekdayOf } from './calendar.ts';
import type { Chain, ChainStore } from './chain.ts';
import { customerRank, habit, habits } from './customers.ts';
import { expectedOrders, type Profile } from './demand.ts';
import type { Fate, LineDraft, OrderDraft } from './order-draft.ts';
import { hashOf, Random, WeightedPicker } from './random.ts';

/**
 * One of the equal crowds that order at the same stores. A rate of 2.5 is the crowds 0 and 1, and half of crowd 2;
 * crowd 0 is the same at every rate.
 */
export interface Crowd {
  readonly profile: Profile;
  /** From 0. */
  readonly number: number;
  /** Share of its orders that are placed, 0 to 1. */
  readonly share: number;
}

/** The crowd that orders when nothing else is asked for. */
export const usualCrowd: Crowd = { profile: 'normal', number: 0, share: 1 };

/** The crowds that make up a rate. */
export function crowdsOf(rate: number, profile: Profile): Crowd[] {
  return Array.from({ length: Math.ceil(rate) }, (_, number) => ({
    profile,
    number,
    share: Math.min(1, rate - number),
  }));
}

/**
 * The orders of a store on a business date (`YYYY-MM-DD`), by time. They depend on the arguments alone, so that days
 * can be made in any order, and again.
 */
export function ordersOfStoreDay(chain: Chain, store: ChainStore, date: string, crowd = usualCrowd): OrderDraft[] {
  const day = dayOf(date);
  const hours = chain.businessHours.of(store.place.timeZone, day);
  const expected = expectedOrders(chain.seed, store, day, hours, crowd.profile);
  return hours.flatMap((hour, index) => ordersOfHour({ chain, store, day, hour, crowd }, expected[index] ?? 0));
}

/** The orders of a store in one hour, given in hours since 1970-01-01T00:00Z. */
export function ordersOfStoreHour(chain: Chain, store: ChainStore, utcHour: number, crowd: Crowd): OrderDraft[] {
  const zone = store.place.timeZone;
  const day = chain.businessHours.dayOf(zone, utcHour);
  const hours = chain.businessHours.of(zone, day);
  const index = hours.findIndex((hour) => hour.utcHour === utcHour);
  const hour = hours[index];
  if (hour === undefined) return [];
  const expected = expectedOrders(chain.seed, store, day, hours, crowd.profile);
  return ordersOfHour({ chain, store, day, hour, crowd }, expected[index] ?? 0);
}

interface Scene {
  readonly chain: Chain;
  readonly store: ChainStore;
  readonly day: DayNumber;
  readonly hour: BusinessHour;
  readonly crowd: Crowd;
}

const random = new Random(0);

function ordersOfHour(scene: Scene, expected: number): OrderDraft[] {
  if (expected === 0) return [];
  const { chain, store, hour, crowd } = scene;
  random.seed(hashOf(chain.seed, store.index, hour.utcHour, crowd.number, crowd.profile === 'normal' ? 0 : 1));
  const seconds = Array.from({ length: random.poisson(expected) }, () => random.below(3600)).sort((a, b) => a - b);
  const prefix = `${store.storeId}-${dateOf(scene.day).replaceAll('-', '')}-${ticketPrefix(crowd)}${pad(hour.index)}`;
  const orders: OrderDraft[] = [];
  for (let index = 0; index < seconds.length; index++) {
    const orderedAtMs = hour.utcHour * hourMs + (seconds[index] ?? 0) * 1000;
    const order = placeOrder(scene, prefix + pad(index + 1), orderedAtMs);
    if (random.next() < crowd.share) orders.push(order);
  }
  return orders;
}

/** Crowds write on tickets of their own, so that no two orders have the same number. */
function ticketPrefix({ profile, number }: Crowd): string {
  const mark = (profile === 'normal' ? '' : 'g') + (number === 0 ? '' : `x${number}`);
  return mark === '' ? '' : `${mark}-`;
}

function pad(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}

/** Shares of the channels among the orders of customers the till knows, and of guests. Together: delivery 46 %. */
const channelNames: readonly Channel[] = ['delivery', 'carryout', 'dine_in', 'third_party'];
const knownChannels = new WeightedPicker([0.48, 0.5, 0.02, 0]);
const guestChannels = new WeightedPicker([0.421, 0.4196, 0.08, 0.0794]);
const knownShare = 0.66;

function placeOrder(scene: Scene, orderId: string, orderedAtMs: number): OrderDraft {
  const { chain, store, hour } = scene;
  const customer = random.next() < knownShare ? pickCustomer(scene) : 0;
  const channel = pickChannel(chain.seed, customer);
  const lines = fillBasket(scene, customer, channel);
  const delivered = channel === 'delivery' || channel === 'third_party';
  const home = customer > 0 ? habit(chain.seed, customer, habits.home) : random.next();
  const promisedMinutes = promise(channel, hour.localHour);
  const fate = pickFate();
  return {
    orderId,
    store,
    orderedAtMs,
    offsetMinutes: hour.offsetMinutes,
    customer,
    channel,
    deliverTo: delivered ? (store.homes[store.homePicker.at(home)] ?? '') : '',
    promisedAfterMs: promisedMinutes * 60_000,
    completedAfterMs:
      Math.max(360, Math.round(((promisedMinutes || 18) - 3) * 60 + 400 * (random.next() + random.next() - 0.9))) *
      1000,
    discountCents: pickDiscount(lines, channel),
    lines,
    fate,
    fateAfterMs: fate === 'plain' ? 0 : fateDelay(fate),
  };
}

/** Someone who likes to order on this weekday, or at this time of the day, comes more readily than others. */
function pickCustomer({ chain: { seed }, store, day, hour }: Scene): number {
  for (let attempt = 0; ; attempt++) {
    const customer = store.firstCustomer + customerRank(random.next(), store.customerCount);
    const likesDay = ((habit(seed, customer, habits.weekday) * 7) | 0) === weekdayOf(day);
    const likesHour = habit(seed, customer, habits.hour) < 0.25 === hour.localHour < 16;
    if (attempt === 3 || random.next() < (likesDay ? 1 : 0.4) * (likesHour ? 1 : 0.4)) return customer;
  }
}

function pickChannel(seed: number, customer: number): Channel {
  if (customer === 0) return channelNames[guestChannels.at(random.next())] ?? 'carryout';
  const usual = random.next() < 0.75 ? habit(seed, customer, habits.channel) : random.next();
  return channelNames[knownChannels.at(usual)] ?? 'carryout';
}

/** Pizza lines, and lines of sides and drinks, from 0 up: delivered, then taken or eaten in the store. */
const pizzaLines = [new WeightedPicker([0, 70, 24, 5, 1]), new WeightedPicker([5, 87, 7, 1])] as const;
const extraLines = [new WeightedPicker([22, 38, 27, 13]), new WeightedPicker([61, 28, 9, 2])] as const;
const gameExtraLines = [new WeightedPicker([14, 32, 32, 22]), new WeightedPicker([38, 36, 18, 8])] as const;
const favouriteShare = 0.55;

function fillBasket(scene: Scene, customer: number, channel: Channel): LineDraft[] {
  const to = channel === 'delivery' || channel === 'third_party' ? 0 : 1;
  const extraPicker = (scene.crowd.profile === 'superbowl' ? gameExtraLines : extraLines)[to];
  const pizzas = pizzaLines[to].at(random.next());
  const extras = Math.max(pizzas === 0 ? 1 : 0, extraPicker.at(random.next()));
  const favourite = customer > 0 && random.next() < favouriteShare;
  const lines: LineDraft[] = [];
  for (let line = 0; line < pizzas; line++) lines.push(pickPizza(scene, favourite && line === 0 ? customer : 0, to));
  for (let line = 0; line < extras; line++) lines.push(pickExtra(scene.store));
  return lines;
}

function pickPizza({ chain: { seed }, store }: Scene, customer: number, to: 0 | 1): LineDraft {
  const { designs, designPicker, bases, basePicker } = store.menu;
  const likes = customer > 0 ? habit(seed, customer, habits.design) : random.next();
  const likesBase = customer > 0 ? habit(seed, customer, habits.base) : random.next();
  const design = designs[designPicker.at(likes)];
  const base = bases[basePicker.at(likesBase)];
  if (design === undefined || base === undefined) throw new Error('A menu without pizzas or sizes cannot sell.');
  const ownWords = store.ownWords > 0 && random.next() < store.ownWords;
  const tail = ownWords ? (design.tails[1 + random.below(design.tails.length - 1)] ?? '') : design.tails[0];
  const more = random.next();
  const quantity = more < (to === 0 ? 0.86 : 0.95) ? 1 : more < 0.985 ? 2 : 3 + random.below(4);
  return {
    line: `${design.head}${ownWords ? base.otherWords : base.words}${tail},"quantity":`,
    quantity,
    unitPriceCents: base.priceCents[Math.min(design.paidToppings, base.priceCents.length - 1)] ?? 0,
  };
}

function pickExtra({ menu }: ChainStore): LineDraft {
  const extra = menu.extras[menu.extraPicker.at(random.next())];
  if (extra === undefined) throw new Error('A menu without sides cannot sell them.');
  return { line: extra.line, quantity: random.next() < 0.88 ? 1 : 2, unitPriceCents: extra.priceCents };
}

/** Coupons: a share of the bill, or dollars off a large one. More of them on what guests fetch themselves. */
function pickDiscount(lines: readonly LineDraft[], channel: Channel): number {
  const luck = random.next();
  if (luck > (channel === 'carryout' ? 0.34 : channel === 'delivery' ? 0.22 : 0.05)) return 0;
  let gross = 0;
  for (const { quantity, unitPriceCents } of lines) gross += quantity * unitPriceCents;
  if (gross > 2_500 && random.next() < 0.5) return random.next() < 0.6 ? 300 : 500;
  return Math.floor(gross * (channel === 'carryout' ? 0.2 : 0.15));
}

function promise(channel: Channel, localHour: number): number {
  const rush = localHour >= 17 && localHour <= 19 ? 8 : 0;
  if (channel === 'dine_in') return 0;
  return channel === 'carryout' ? 12 + rush / 2 + random.below(8) : 28 + rush + random.below(14);
}

/** Cumulative shares of what befalls orders. */
function pickFate(): Fate {
  const luck = random.next();
  if (luck < 0.972) return 'plain';
  if (luck < 0.975) return 'timed_out';
  if (luck < 0.98) return 'duplicate';
  if (luck < 0.983) return 'late';
  return luck < 0.993 ? 'amended' : 'voided';
}

/** The longest that an order is on its way. */
export const lateMsMax = 48 * hourMs;

function fateDelay(fate: Fate): number {
  const luck = random.next();
  if (fate === 'late') return Math.floor(Math.exp(Math.log(60_000) + luck * Math.log(lateMsMax / 60_000)));
  if (fate === 'duplicate') return 1_000 + Math.floor(luck * 90_000);
  return 60_000 + Math.floor(luck * 1_200_000);
}
