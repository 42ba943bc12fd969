import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../../test/support/property.ts';
import { combinationOf, parseCombination } from './combination.ts';
import { amounts, portions, type Topping } from './order.ts';
import { createVocabulary, defaultSynonyms } from './vocabulary.ts';

const vocabulary = createVocabulary(defaultSynonyms);

interface Pizza {
  crust?: string;
  sauce?: string;
  cheese?: string;
  toppings?: Topping[];
}

const keyOf = (pizza: Pizza): string => combinationOf(pizza, vocabulary).key;
const topped = (...toppings: Topping[]): string => keyOf({ toppings });

const topping = fc.oneof(
  fc.constantFrom('pepperoni', 'Bell Peppers', 'mushrooms', 'jalapeño'),
  fc.record({
    name: fc.oneof(fc.constantFrom('pepperoni', 'ham', 'onions'), fc.string({ unit: 'binary', minLength: 1 })),
    portion: fc.constantFrom(...portions),
    amount: fc.constantFrom(...amounts),
  }),
) satisfies fc.Arbitrary<Topping>;

const part = fc.oneof(
  fc.constantFrom('thin', 'Thin Crust', 'red', 'none'),
  fc.string({ unit: 'binary', minLength: 1 }),
);
const pizza = fc.record(
  { crust: part, sauce: part, cheese: part, toppings: fc.array(topping, { maxLength: 6 }) },
  { requiredKeys: [] },
) satisfies fc.Arbitrary<Pizza>;

const mirrored = (one: Topping): Topping => {
  if (typeof one === 'string' || one.portion === undefined || one.portion === 'whole') return one;
  return { ...one, portion: one.portion === 'left' ? 'right' : 'left' };
};

describe('the laws of the combination key', () => {
  it('does not depend on the order of toppings', () => {
    fc.assert(
      fc.property(pizza, fc.infiniteStream(fc.nat()), (one, dice) => {
        const toppings = [...(one.toppings ?? [])]
          .map((value) => ({ value, at: dice.next().value }))
          .sort((a, b) => a.at - b.at)
          .map(({ value }) => value);
        expect(keyOf({ ...one, toppings })).toBe(keyOf(one));
      }),
      runs(300),
    );
  });

  it('does not depend on case, spaces and accents', () => {
    const disguise = fc.constantFrom<(name: string) => string>(
      (name) => name.toUpperCase(),
      (name) => `  ${name}\t`,
      (name) => name.replaceAll(' ', '   '),
      (name) => name.replaceAll(' ', '-'),
      (name) => name.replaceAll('e', 'é'),
      (name) => name.normalize('NFD'),
    );
    const name = fc.constantFrom('jalapeño', 'Bell Pepper', 'fresh mushrooms', 'secret sauce chips');
    fc.assert(
      fc.property(name, disguise, (written, disguised) => {
        expect(keyOf({ crust: disguised('deep dish'), toppings: [disguised(written)] })).toBe(
          keyOf({ crust: 'deep dish', toppings: [written] }),
        );
      }),
      runs(100),
    );
  });

  it('is the same for synonyms', () => {
    expect(topped('pepperonis')).toBe(topped('Pepperoni'));
    expect(topped('bell pepper')).toBe(topped('green pepper'));
    for (const [term, others] of Object.entries(defaultSynonyms.topping ?? {}))
      for (const other of others) expect(topped(other)).toBe(topped(term));
  });

  it('follows synonyms that a config adds', () => {
    const extended = createVocabulary(defaultSynonyms, {
      topping: { pepperoni: ['roni'], bell_pepper: ['green pepper'] },
    });
    const key = (name: string): string => combinationOf({ toppings: [name] }, extended).key;
    expect(key('Roni')).toBe(key('pepperonis'));
    expect(key('green bell peppers')).toBe('unspecified|unspecified|unspecified|bell_pepper');
  });

  it('takes a doubled topping for extra, and two light ones for a regular one', () => {
    expect(topped('ham', 'Ham')).toBe(topped({ name: 'ham', amount: 'extra' }));
    expect(topped('ham', 'ham', 'ham')).toBe(topped({ name: 'ham', amount: 'extra' }));
    expect(topped({ name: 'ham', amount: 'light' }, { name: 'ham', amount: 'light' })).toBe(topped('ham'));
    expect(topped({ name: 'ham', amount: 'light' }, 'ham')).toBe(topped({ name: 'ham', amount: 'extra' }));
  });

  it('takes left and right of one topping for the whole', () => {
    for (const amount of amounts)
      expect(topped({ name: 'ham', portion: 'left', amount }, { name: 'ham', portion: 'right', amount })).toBe(
        topped({ name: 'ham', amount }),
      );
  });

  it('is the same for a pizza and its mirror image', () => {
    expect(topped({ name: 'pepperoni', portion: 'left' }, { name: 'mushroom', portion: 'right' })).toBe(
      topped({ name: 'pepperoni', portion: 'right' }, { name: 'mushroom', portion: 'left' }),
    );
    fc.assert(
      fc.property(pizza, (one) => {
        expect(keyOf({ ...one, toppings: (one.toppings ?? []).map(mirrored) })).toBe(keyOf(one));
      }),
      runs(300),
    );
  });

  it('has no part for the size', () => {
    const sized = { crust: 'thin', toppings: ['ham'], size: 'large' };
    expect(keyOf(sized)).toBe(keyOf({ crust: 'thin', toppings: ['ham'] }));
  });

  it('parses back into the same combination, whose key is the same again', () => {
    fc.assert(
      fc.property(pizza, (one) => {
        const combination = combinationOf(one, vocabulary);
        const parsed = parseCombination(combination.key);
        expect(parsed).toEqual(combination);
        expect(combinationOf({ ...parsed, toppings: [...parsed.toppings] }, vocabulary)).toEqual(combination);
      }),
      runs(500),
    );
  });

  it('reads as documented', () => {
    expect(keyOf({ crust: 'Thin', toppings: ['mushrooms', { name: 'Pepperoni', portion: 'right' }] })).toBe(
      'thin|unspecified|unspecified|mushroom,pepperoni/left',
    );
  });
});

/** How much lies on each half, worked out apart from the key: the smaller of the pizza and its mirror image. */
function portrait({ crust = '', toppings = [] }: Pizza): string {
  const weights = { light: 1, regular: 2, extra: 3 };
  const names = [...new Set(toppings.map((one) => (typeof one === 'string' ? one : one.name)))].sort();
  const load = (name: string, half: 'left' | 'right'): number =>
    toppings.reduce((sum, one) => {
      const { portion = 'whole', amount = 'regular', name: its } = typeof one === 'string' ? { name: one } : one;
      return its === name && (portion === 'whole' || portion === half) ? Math.min(3, sum + weights[amount]) : sum;
    }, 0);
  const seen = names.map((name) => [name, load(name, 'left'), load(name, 'right')]);
  const swapped = seen.map(([name, left, right]) => [name, right, left]);
  return crust + [JSON.stringify(seen), JSON.stringify(swapped)].sort()[0];
}

describe('pizzas that differ', () => {
  const fewToppings = fc.record({
    name: fc.constantFrom('ham', 'onion'),
    portion: fc.constantFrom(...portions),
    amount: fc.constantFrom(...amounts),
  });
  const fewPizzas = fc.record({
    crust: fc.constantFrom('thin', 'pan'),
    toppings: fc.array(fewToppings, { maxLength: 3 }),
  });

  it('have keys that differ, and only they', () => {
    fc.assert(
      fc.property(fewPizzas, fewPizzas, (one, other) => {
        expect(keyOf(one) === keyOf(other)).toBe(portrait(one) === portrait(other));
      }),
      runs(3000),
    );
  });

  it('differ by where a name with key marks in it stands', () => {
    expect(keyOf({ crust: 'a|b', sauce: 'c' })).not.toBe(keyOf({ crust: 'a', sauce: 'b|c' }));
    expect(topped('a,b')).not.toBe(topped('a', 'b'));
  });
});
