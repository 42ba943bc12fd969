import { expect, it } from 'vitest';
import { combinationOf } from '../src/contract/combination.ts';
import type { OrderLine } from '../src/contract/order.ts';
import { createVocabulary, defaultSynonyms } from '../src/contract/vocabulary.ts';
import { createDesigns } from './designs.ts';
import { menuPizzas } from './menu.ts';

const vocabulary = createVocabulary(defaultSynonyms);
const designs = createDesigns(1);

function combination(head: string, tail: string): string {
  return combinationOf(JSON.parse(`${head}${tail}}`) as OrderLine, vocabulary).key;
}

it('has some 25 named pizzas, changes of them, and pizzas that guests build with halves and amounts', () => {
  expect(menuPizzas).toHaveLength(26);
  expect(new Set(menuPizzas.map(({ name }) => name)).size).toBe(26);
  const toppings = designs.flatMap((design) => design.toppings.filter((topping) => typeof topping !== 'string'));
  expect(toppings.some(({ portion }) => portion === 'left')).toBe(true);
  expect(toppings.some(({ amount }) => amount === 'extra')).toBe(true);
  expect(designs.some(({ menuItem }) => menuItem === 'Build Your Own')).toBe(true);
});

it('means the same pizza whichever words a till uses', () => {
  for (const { head, tails } of designs) {
    const [own, ...others] = tails;
    for (const other of others) expect(combination(head, other)).toBe(combination(head, own));
  }
  const words = designs.flatMap(({ tails }) => tails.slice(1)).join();
  for (const word of ['Pepperonis', 'ell pepper', 'Barbecue']) expect(words).toContain(word);
});

it('never puts a topping on a pizza twice', () => {
  for (const { toppings } of designs) {
    const names = toppings.map((topping) => (typeof topping === 'string' ? topping : topping.name));
    expect(new Set(names).size).toBe(names.length);
  }
});
