import { BusinessHours } from './business-hours.ts';
import { customersOf } from './customers.ts';
import { hourShares, type OpeningHours, openingHours } from './demand.ts';
import { createDesigns, type Design } from './designs.ts';
import { type Country, type Place, readCountry, type ZipArea } from './places.ts';
import { fraction, hashOf, Random, WeightedPicker } from './random.ts';
import { createStateMenu, type StateMenu } from './state-menu.ts';
import { toppingTargets } from './taste.ts';

/** What a till knows of one store. */
export interface ChainStore {
  /** From 0. */
  readonly index: number;
  readonly storeId: string;
  readonly place: Place;
  readonly area: ZipArea;
  readonly latitude: number;
  readonly longitude: number;
  readonly hours: OpeningHours;
  /** Share of a day's orders by local hour: on Monday to Thursday and Sunday, on Friday and Saturday. */
  readonly hourShares: readonly [Float64Array, Float64Array];
  /** Orders on the mean day of the year. */
  readonly ordersPerDay: number;
  readonly menu: StateMenu;
  /** Its customers are numbered from `firstCustomer`; the most frequent come first. */
  readonly firstCustomer: number;
  readonly customerCount: number;
  /** Where its customers live, the same as ready-made `"deliver_to"` members, and how many live there. */
  readonly homeAreas: readonly ZipArea[];
  readonly homes: readonly string[];
  readonly homePicker: WeightedPicker;
  /** Share of its pizzas that the till writes in words of its own. */
  readonly ownWords: number;
}

/** A pizza chain: everything that its orders follow from. Two chains of one seed and size are equal. */
export interface Chain {
  readonly seed: number;
  readonly stores: readonly ChainStore[];
  readonly designs: readonly Design[];
  readonly customerCount: number;
  readonly businessHours: BusinessHours;
}

export interface ChainOptions {
  /** An integer. */
  readonly seed: number;
  /** How many stores, 1 to 9,999. From 52 up, every state, DC and PR has one. */
  readonly stores: number;
}

/** Orders of the mean store on the mean day. */
const meanOrdersPerDay = 73;
const homeCountMax = 6;

/** Opens the stores of a chain where the people are. */
export function createChain({ seed, stores: count }: ChainOptions): Chain {
  const country = readCountry();
  const designs = createDesigns(seed);
  const sites = placeStores(country, seed, count);
  const volume = new Map<string, number>();
  const sizes = storeSizes(seed, count);
  sites.forEach(({ place }, index) => {
    volume.set(place.state, (volume.get(place.state) ?? 0) + (sizes[index] ?? 1));
  });
  const menus = new Map<string, StateMenu>();
  for (const state of volume.keys()) {
    menus.set(state, createStateMenu(designs, state, toppingTargets(state, volume)));
  }
  let firstCustomer = 1;
  const stores = sites.map((site, index) => {
    const menu = menus.get(site.place.state) as StateMenu;
    const store = openStore({ seed, index, site, menu, size: sizes[index] ?? 1, firstCustomer });
    firstCustomer += store.customerCount;
    return store;
  });
  return { seed, stores, designs, customerCount: firstCustomer - 1, businessHours: new BusinessHours() };
}

interface Site {
  readonly place: Place;
  readonly area: ZipArea;
}

/** Sizes of the stores with mean 1: some sell twice what others do. */
function storeSizes(seed: number, count: number): number[] {
  const random = new Random(hashOf(seed, 0x512e));
  const sizes = Array.from({ length: count }, () => Math.exp(0.35 * random.normal()));
  const mean = sizes.reduce((sum, size) => sum + size, 0) / count;
  return sizes.map((size) => size / mean);
}

/** Seats stores in states, then in the places of each, by population (Sainte-Laguë); every state comes first. */
function placeStores({ population, places }: Country, seed: number, count: number): Site[] {
  const states = [...population.keys()];
  const everywhere = count >= states.length;
  const seats = apportion([...population.values()], everywhere ? count - states.length : count, everywhere ? 1 : 0);
  const seated = seats.map((seat) => states[seat] ?? '');
  const taken = new Map<Place, number>();
  return [...(everywhere ? states : []), ...seated].map((state) => {
    const inState = places.filter((place) => place.state === state);
    return nextSite(inState, taken, seed);
  });
}

/** Which party gets each next seat, in turn. `start`: how many seats each has already. */
function apportion(weights: readonly number[], seatCount: number, start: number): number[] {
  const held = weights.map(() => start);
  return Array.from({ length: seatCount }, () => {
    let best = 0;
    const quotient = (party: number) => (weights[party] ?? 0) / (2 * (held[party] ?? 0) + 1);
    for (let party = 1; party < weights.length; party++) if (quotient(party) > quotient(best)) best = party;
    held[best] = (held[best] ?? 0) + 1;
    return best;
  });
}

/** The place in most need of its next store, and the largest of its ZIP codes that has none. */
function nextSite(places: readonly Place[], taken: Map<Place, number>, seed: number): Site {
  const need = (place: Place) => {
    const luck = 0.6 + fraction(hashOf(seed, Number(place.zips[0]?.zip)));
    return (place.population * luck) / (2 * (taken.get(place) ?? 0) + 1);
  };
  const place = places.reduce((best, other) => (need(other) > need(best) ? other : best));
  const nth = taken.get(place) ?? 0;
  taken.set(place, nth + 1);
  return { place, area: place.zips[nth % place.zips.length] as ZipArea };
}

interface Opening {
  readonly seed: number;
  readonly index: number;
  readonly site: Site;
  readonly menu: StateMenu;
  readonly size: number;
  readonly firstCustomer: number;
}

function openStore({ seed, index, site: { place, area }, menu, size, firstCustomer }: Opening): ChainStore {
  const random = new Random(hashOf(seed, 0x570e, index));
  const hours = openingHours(place.state, random);
  const ordersPerDay = meanOrdersPerDay * size * (hours.roundTheClock ? 1.3 : 1);
  const near = nearest(place, area);
  return {
    index,
    storeId: `s-${String(index + 1).padStart(4, '0')}`,
    place,
    area,
    latitude: Number((area.latitude + (random.next() - 0.5) * 0.02).toFixed(5)),
    longitude: Number((area.longitude + (random.next() - 0.5) * 0.02).toFixed(5)),
    hours,
    hourShares: hourShares(hours),
    ordersPerDay,
    menu,
    firstCustomer,
    customerCount: customersOf(ordersPerDay),
    homeAreas: near,
    homes: near.map(({ zip }) => {
      return `,"deliver_to":${JSON.stringify({ state: place.state, city: place.name, zip })}`;
    }),
    homePicker: new WeightedPicker(near.map(({ population }) => population)),
    ownWords: random.next() < 0.3 ? 0.5 : 0,
  };
}

function nearest(place: Place, area: ZipArea): ZipArea[] {
  const distance = (zip: ZipArea) => Math.hypot(zip.latitude - area.latitude, zip.longitude - area.longitude);
  return [...place.zips].sort((a, b) => distance(a) - distance(b)).slice(0, homeCountMax);
}
