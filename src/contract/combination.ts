import type { Amount, OrderLine, Portion } from './order.ts';
import type { Vocabulary } from './vocabulary.ts';

/** A topping in canonical form. */
export interface CombinationTopping {
  readonly name: string;
  readonly portion: Portion;
  readonly amount: Amount;
}

/** What makes two pizzas the same pizza. Size is not part of it. */
export interface Combination {
  /** `crust|sauce|cheese|topping,topping/left,topping*extra`: readable, canonical, and parsable. */
  readonly key: string;
  readonly crust: string;
  readonly sauce: string;
  readonly cheese: string;
  readonly toppings: readonly CombinationTopping[];
}

type PizzaParts = Pick<OrderLine, 'crust' | 'sauce' | 'cheese' | 'toppings'>;

const levels: Readonly<Record<Amount, number>> = { light: 1, regular: 2, extra: 3 };
const amountOf: readonly (Amount | undefined)[] = [undefined, 'light', 'regular', 'extra'];

/** How much of one topping lies on each half: 0 none, 1 light, 2 regular, 3 extra. */
interface Halves {
  left: number;
  right: number;
}

/**
 * The combination of a pizza line. Order of toppings, case, spaces and synonyms make no difference; a topping
 * named twice is added up half by half (light + light = regular, anything more = extra), so left + right is
 * whole; a pizza and its mirror image are the same pizza.
 *
 * `{ crust: 'Thin', toppings: ['mushrooms', { name: 'Pepperoni', portion: 'right' }] }` has the key
 * `thin|unspecified|unspecified|mushroom,pepperoni/left`.
 */
export function combinationOf(pizza: PizzaParts, vocabulary: Vocabulary): Combination {
  const halves = new Map<string, Halves>();
  for (const topping of pizza.toppings ?? []) {
    const { name, portion = 'whole', amount = 'regular' } = typeof topping === 'string' ? { name: topping } : topping;
    const term = vocabulary.term('topping', name);
    const on = halves.get(term) ?? { left: 0, right: 0 };
    if (portion !== 'right') on.left = Math.min(3, on.left + levels[amount]);
    if (portion !== 'left') on.right = Math.min(3, on.right + levels[amount]);
    halves.set(term, on);
  }
  const names = [...halves.keys()].sort();
  const toppings = names.flatMap((name) => spread(name, halves.get(name) as Halves));
  const mirrored = names.flatMap((name) => spread(name, mirror(halves.get(name) as Halves)));
  const base = {
    crust: vocabulary.term('crust', pizza.crust ?? 'unspecified'),
    sauce: vocabulary.term('sauce', pizza.sauce ?? 'unspecified'),
    cheese: vocabulary.term('cheese', pizza.cheese ?? 'unspecified'),
  };
  const prefix = `${base.crust}|${base.sauce}|${base.cheese}|`;
  const [one, other] = [toppings.map(write).join(','), mirrored.map(write).join(',')];
  return one <= other ? { ...base, key: prefix + one, toppings } : { ...base, key: prefix + other, toppings: mirrored };
}

function mirror({ left, right }: Halves): Halves {
  return { left: right, right: left };
}

function spread(name: string, { left, right }: Halves): CombinationTopping[] {
  const [onLeft, onRight] = [amountOf[left], amountOf[right]];
  if (onLeft !== undefined && onLeft === onRight) return [{ name, portion: 'whole', amount: onLeft }];
  return [
    ...(onLeft ? [{ name, portion: 'left', amount: onLeft } as const] : []),
    ...(onRight ? [{ name, portion: 'right', amount: onRight } as const] : []),
  ];
}

function write({ name, portion, amount }: CombinationTopping): string {
  return name + (portion === 'whole' ? '' : `/${portion}`) + (amount === 'regular' ? '' : `*${amount}`);
}

/** Reads a combination back from its key. */
export function parseCombination(key: string): Combination {
  const [crust = 'unspecified', sauce = 'unspecified', cheese = 'unspecified', list = ''] = key.split('|');
  const toppings = list
    .split(',')
    .filter(Boolean)
    .map((written): CombinationTopping => {
      const [place = '', amount = 'regular'] = written.split('*');
      const [name = '', portion = 'whole'] = place.split('/');
      return { name, portion: portion as Portion, amount: amount as Amount };
    });
  return { key, crust, sauce, cheese, toppings };
}
