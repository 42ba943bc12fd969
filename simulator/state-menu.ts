import { type Design, inOneOtherWord } from './designs.ts';
import { crusts, largeCheeseCents, menuExtras, sizes, toppingCents } from './menu.ts';
import { priceLevel } from './price-level.ts';
import { Random, WeightedPicker } from './random.ts';
import { crustWeights, designWeights, type ToppingTargets } from './taste.ts';

/** A size with a crust: how the order says it, and what it costs in a state by the number of paid toppings. */
interface Base {
  /** `,"size":"large","crust":"thin"`: in the house's own words, and as other tills write it. */
  readonly words: string;
  readonly otherWords: string;
  readonly priceCents: readonly number[];
}

/** A side or a drink: its order line up to the quantity, and its price. */
interface Extra {
  readonly line: string;
  readonly priceCents: number;
}

/** The menu as the people of one state use it, with its prices. */
export interface StateMenu {
  readonly designs: readonly Design[];
  readonly designPicker: WeightedPicker;
  readonly bases: readonly Base[];
  readonly basePicker: WeightedPicker;
  readonly extras: readonly Extra[];
  readonly extraPicker: WeightedPicker;
}

const paidToppingsMost = 10;

/** The menu of a state: prices by its level, popularity by its taste. */
export function createStateMenu(designs: readonly Design[], state: string, targets: ToppingTargets): StateMenu {
  const level = priceLevel(state);
  const crustsLiked = crustWeights(state);
  const combined = sizes.flatMap((size) => crusts.map((crust, index) => ({ size, crust, index })));
  return {
    designs,
    designPicker: new WeightedPicker(designWeights(designs, state, targets)),
    bases: combined.map(({ size, crust }) => createBase(size, crust, level)),
    basePicker: new WeightedPicker(combined.map(({ size, index }) => size.weight * (crustsLiked[index] ?? 0))),
    extras: menuExtras.map(({ kind, name, priceCents }) => ({
      line: `${JSON.stringify({ kind, menu_item: name }).slice(0, -1)},"quantity":`,
      priceCents: shelfPrice(priceCents * level, 10),
    })),
    extraPicker: new WeightedPicker(menuExtras.map(({ weight, loved }) => weight * (loved?.[state] ?? 1))),
  };
}

function createBase(size: (typeof sizes)[number], crust: (typeof crusts)[number], level: number): Base {
  const random = new Random(size.name.length * 31 + crust.name.length);
  const cheese = (largeCheeseCents + crust.priceCents) * size.price;
  return {
    words: `,"size":"${size.name}","crust":"${crust.name}"`,
    otherWords: `,"size":"${inOneOtherWord('size', size.name, random)}","crust":"${inOneOtherWord('crust', crust.name, random)}"`,
    priceCents: Array.from({ length: paidToppingsMost + 1 }, (_, paid) => {
      return shelfPrice((cheese + paid * toppingCents * size.price) * level, 50);
    }),
  };
}

/** To the nearest step, less one: 17.99 and 18.49 rather than 18.13. */
function shelfPrice(cents: number, step: number): number {
  return Math.round(cents / step) * step - 1;
}
