import { type Design, toppingName } from './designs.ts';
import { crusts } from './menu.ts';

/** Styles that stand out in a state (Slice, orders of 2021): the menu item, and where it is loved. */
const lovedPizzas: Readonly<Record<string, string>> = {
  Hawaiian: 'OR ND MO OH',
  Veggie: 'CA WA MT ID MS VT NE',
  Supreme: 'TN AR LA OK KS TX WY',
  'Meat Lovers': 'NC',
};
const lovedTimes = 2.6;

/** The least and the most share of a state's pizzas that may carry a topping. */
export type ToppingTargets = Readonly<
  Record<'pepperoni' | 'sausage' | 'mushroom' | 'onion', readonly [number, number]>
>;

/** Of all pizzas (Slice 36.9 % in 2021, Otter 38.3 % in 2023). */
const pepperoniShare = 0.376;

/** Shares by state (grocers and pizzerias, 2013), brought to today's level: Georgia twice New York and California. */
const statePepperoni: Readonly<Record<string, number>> = { GA: 0.44, NY: 0.22, CA: 0.22 };
const stateMushroom: Readonly<Record<string, number>> = { NY: 0.14, TN: 0.08 };

/**
 * How many of a state's pizzas carry pepperoni, sausage (second everywhere) and mushrooms. States without a figure
 * of their own share what is left for the country to come out at `pepperoniShare`.
 *
 * @param volume expected pizzas by state, in any unit
 */
export function toppingTargets(state: string, volume: ReadonlyMap<string, number>): ToppingTargets {
  let [all, known, knownPepperoni] = [0, 0, 0];
  for (const [code, weight] of volume) {
    const share = statePepperoni[code];
    all += weight;
    if (share === undefined) continue;
    known += weight;
    knownPepperoni += weight * share;
  }
  const rest = (pepperoniShare * all - knownPepperoni) / Math.max(all - known, Number.EPSILON);
  const pepperoni = statePepperoni[state] ?? Math.min(0.5, Math.max(0.3, rest));
  const mushroom = stateMushroom[state];
  return {
    pepperoni: [pepperoni, pepperoni],
    sausage: pepperoni < 0.3 ? [0.19, 0.2] : [0.21, 0.28],
    mushroom: mushroom === undefined ? [0.09, 0.15] : [mushroom, mushroom],
    onion: [0.05, pepperoni < 0.3 ? 0.15 : 0.18],
  };
}

/** How often each design is ordered in a state, so that the targets hold (iterative proportional fitting). */
export function designWeights(designs: readonly Design[], state: string, targets: ToppingTargets): number[] {
  const weights = designs.map(({ menuItem, weight }) => {
    return weight * (lovedPizzas[menuItem]?.split(' ').includes(state) ? lovedTimes : 1);
  });
  const carriers = Object.entries(targets).map(([topping, range]) => ({
    range,
    carries: designs.map(({ toppings }) => toppings.some((one) => toppingName(one) === topping)),
  }));
  for (let round = 0; round < 25; round++) {
    for (const { range, carries } of carriers) bringInto(range, weights, carries);
  }
  return weights;
}

function bringInto([least, most]: readonly [number, number], weights: number[], carries: readonly boolean[]): void {
  let [inside, outside] = [0, 0];
  weights.forEach((weight, index) => {
    if (carries[index]) inside += weight;
    else outside += weight;
  });
  const share = Math.min(most, Math.max(least, inside / (inside + outside)));
  const [up, down] = [share / inside, (1 - share) / outside];
  weights.forEach((weight, index) => {
    weights[index] = weight * (carries[index] ? up : down);
  });
}

const lovedCrustTimes = 3;

/** How often each crust of the menu is ordered in a state. */
export function crustWeights(state: string): number[] {
  return crusts.map(({ weight, loved }) => weight * (loved.split(' ').includes(state) ? lovedCrustTimes : 1));
}
