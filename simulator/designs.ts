import type { Amount, Portion, Topping } from '../src/contract/order.ts';
import { defaultSynonyms, type VocabularyField } from '../src/contract/vocabulary.ts';
import { buildYourOwnToppings, type MenuPizza, menuPizzas, paidToppingsMax, type Recipe } from './menu.ts';
import { hashOf, Random, WeightedPicker } from './random.ts';

/** A pizza that customers order again and again: one of the menu, one of the menu with a change, or their own. */
export interface Design extends Recipe {
  readonly menuItem: string;
  readonly weight: number;
  /** Toppings that the customer pays for; halves and light amounts count as one. */
  readonly paidToppings: number;
  /** `{"kind":"pizza","menu_item":"…"`: the start of an order line. */
  readonly head: string;
  /** `,"sauce":…,"toppings":[…]`, in the house's own words, then as other tills write the same. */
  readonly tails: readonly [string, ...string[]];
}

const buildYourOwn = 'Build Your Own';
const changedPerPizza = 8;
const ownCount = 700;
/** Shares of all pizzas. */
const ownShare = 0.2;
const changedShare = 0.1;

const toppingNames = Object.keys(buildYourOwnToppings);
const toppingPicker = new WeightedPicker(Object.values(buildYourOwnToppings));

/** Every pizza that this chain sells, the same for the same seed. */
export function createDesigns(seed: number): readonly Design[] {
  const random = new Random(hashOf(seed, 0xde5));
  const menuTotal = menuPizzas.reduce((sum, { weight }) => sum + weight, 0);
  const named = menuPizzas.map((pizza) => design(pizza.name, pizza, pizza.weight / menuTotal, random));
  const changed = menuPizzas.flatMap((pizza) => {
    const weight = ((pizza.weight / menuTotal) * changedShare) / changedPerPizza;
    return Array.from({ length: changedPerPizza }, () => design(pizza.name, change(pizza, random), weight, random));
  });
  const own = Array.from({ length: ownCount }, (_, rank) => {
    // A few of the pizzas people build are common, most are rare.
    return design(buildYourOwn, build(random), 1 / (rank + 12), random);
  });
  const ownTotal = own.reduce((sum, { weight }) => sum + weight, 0);
  return [...named, ...changed, ...own.map((one) => ({ ...one, weight: (one.weight / ownTotal) * ownShare }))];
}

/** The name of a topping, whichever way it is written. */
export function toppingName(topping: Topping): string {
  return typeof topping === 'string' ? topping : topping.name;
}

function design(menuItem: string, recipe: Recipe, weight: number, random: Random): Design {
  const paid = recipe.toppings.reduce((sum, topping) => sum + (isExtra(topping) ? 2 : 1), 0);
  return {
    ...recipe,
    menuItem,
    weight,
    paidToppings: menuItem === buildYourOwn ? paid : Math.min(paidToppingsMax, paid),
    head: `{"kind":"pizza","menu_item":${JSON.stringify(menuItem)}`,
    tails: [tail(recipe), ...Array.from({ length: 3 }, () => tail(inOtherWords(recipe, random)))],
  };
}

function tail({ sauce, cheese, toppings }: Recipe): string {
  return JSON.stringify({ sauce, cheese, toppings }).replace('{', ',').slice(0, -1);
}

function isExtra(topping: Topping): boolean {
  return typeof topping !== 'string' && topping.amount === 'extra';
}

/** A pizza of the menu as a guest changes it: a topping more, a topping less, or another amount of cheese. */
function change({ sauce, cheese, toppings }: MenuPizza, random: Random): Recipe {
  const kind = random.next();
  if (kind < 0.3 && cheese === 'regular') return { sauce, cheese: kind < 0.22 ? 'extra' : 'light', toppings };
  if (kind < 0.55 && toppings.length > 1) {
    const left = random.below(toppings.length);
    return { sauce, cheese, toppings: toppings.filter((_, index) => index !== left) };
  }
  return { sauce, cheese, toppings: [...toppings, pickTopping(random, toppings.map(toppingName))] };
}

function pickTopping(random: Random, taken: readonly string[]): string {
  for (;;) {
    const name = toppingNames[toppingPicker.at(random.next())] ?? 'pepperoni';
    if (!taken.includes(name)) return name;
  }
}

const toppingCounts = new WeightedPicker([0, 34, 36, 20, 10]);

function build(random: Random): Recipe {
  const names: string[] = [];
  for (let count = toppingCounts.at(random.next()); count > 0; count--) names.push(pickTopping(random, names));
  const halves = names.length > 1 && random.next() < 0.22;
  const crust = random.next();
  return {
    sauce: crust < 0.86 ? 'tomato' : crust < 0.92 ? 'bbq' : crust < 0.97 ? 'white' : 'none',
    cheese: random.next() < 0.8 ? 'regular' : random.next() < 0.75 ? 'extra' : 'light',
    toppings: names.map((name, index) => {
      const portion = halves && (index > 0 || random.next() < 0.4) ? (index % 2 === 0 ? 'left' : 'right') : 'whole';
      const roll = random.next();
      return writeTopping(name, portion, roll < 0.09 ? 'extra' : roll < 0.12 ? 'light' : 'regular');
    }),
  };
}

function writeTopping(name: string, portion: Portion, amount: Amount): Topping {
  if (portion === 'whole' && amount === 'regular') return name;
  return {
    name,
    ...(portion === 'whole' ? {} : { portion }),
    ...(amount === 'regular' ? {} : { amount }),
  };
}

/** The same pizza as another till writes it: toppings in another order, synonyms, capitals. */
function inOtherWords({ sauce, cheese, toppings }: Recipe, random: Random): Recipe {
  const shuffled = toppings
    .map((topping) => ({ topping, place: random.next() }))
    .sort((a, b) => a.place - b.place)
    .map(({ topping }) => {
      const name = inOneOtherWord('topping', toppingName(topping), random);
      return typeof topping === 'string' ? name : { ...topping, name };
    });
  return {
    sauce: inOneOtherWord('sauce', sauce, random),
    cheese: inOneOtherWord('cheese', cheese, random),
    toppings: shuffled,
  };
}

/** A synonym of a term, with a capital letter at its start: `green_pepper` becomes "Bell peppers". */
export function inOneOtherWord(field: VocabularyField, term: string, random: Random): string {
  const words = [term.replaceAll('_', ' '), ...(defaultSynonyms[field]?.[term] ?? [])];
  const word = words[random.below(words.length)] ?? term;
  return word.charAt(0).toUpperCase() + word.slice(1);
}
