import type { Topping } from '../src/contract/order.ts';

/** What a kitchen needs to know to make a pizza, but for size and crust. */
export interface Recipe {
  readonly sauce: string;
  readonly cheese: string;
  readonly toppings: readonly Topping[];
}

export interface MenuPizza extends Recipe {
  readonly name: string;
  /** How often it is asked for, against the other pizzas of the menu. */
  readonly weight: number;
}

export interface MenuExtra {
  readonly kind: 'side' | 'drink';
  readonly name: string;
  /** In US cents at the national price level. */
  readonly priceCents: number;
  readonly weight: number;
  /** States that are known for it, and how much more they order. */
  readonly loved?: Readonly<Record<string, number>>;
}

/** Weight, name, sauce, cheese, toppings. A star marks an extra amount. */
const pizzaRows = `
14|Pepperoni|tomato|regular|pepperoni
12.5|Cheese|tomato|regular|
5.2|Sausage|tomato|regular|sausage
5.6|Supreme|tomato|regular|pepperoni,sausage,mushroom,green_pepper,onion,black_olive
5.4|Meat Lovers|tomato|regular|pepperoni,sausage,ham,bacon,beef
4.6|Hawaiian|tomato|regular|ham,pineapple
4.2|Veggie|tomato|regular|mushroom,green_pepper,onion,black_olive,tomato
3.8|Margherita|tomato|fresh_mozzarella|basil,tomato
3.6|BBQ Chicken|bbq|regular|chicken,red_onion,bacon
3.2|Pepperoni & Sausage|tomato|regular|pepperoni,sausage
3|Pepperoni & Mushroom|tomato|regular|pepperoni,mushroom
2.8|Double Pepperoni|tomato|extra|pepperoni*
2.6|Sausage & Mushroom|tomato|regular|sausage,mushroom
2.4|Buffalo Chicken|buffalo|regular|chicken,onion
2.2|Four Cheese|tomato|four_cheese|
2.1|Bacon Cheeseburger|tomato|extra|beef,bacon,onion
2|Sausage & Peppers|tomato|regular|sausage,green_pepper,onion
1.9|Chicken Bacon Ranch|ranch|regular|chicken,bacon,tomato
1.6|White Spinach|white|regular|spinach,garlic,ricotta
1.5|Mushroom & Onion|tomato|regular|mushroom,onion
1.4|Philly Steak|white|regular|steak,green_pepper,onion,mushroom
1.3|Diavola|tomato|regular|salami,jalapeno,red_onion
1.2|Pesto Chicken|pesto|regular|chicken,sun_dried_tomato,spinach
1.1|Greek|tomato|feta|kalamata_olive,red_onion,tomato,spinach
0.9|Garden Artichoke|white|light|artichoke,red_pepper,spinach,red_onion
0.4|Anchovy & Caper|tomato|regular|anchovy,caper`;

/** Every named pizza of the chain. */
export const menuPizzas: readonly MenuPizza[] = pizzaRows
  .trim()
  .split('\n')
  .map((row) => {
    const [weight = '', name = '', sauce = '', cheese = '', toppings = ''] = row.split('|');
    return {
      name,
      sauce,
      cheese,
      toppings: toppings.split(',').filter(Boolean).map(readTopping),
      weight: Number(weight),
    };
  });

function readTopping(written: string): Topping {
  return written.endsWith('*') ? { name: written.slice(0, -1), amount: 'extra' } : written;
}

/** What a guest finds when building a pizza, with how often it is taken. */
export const buildYourOwnToppings: Readonly<Record<string, number>> = {
  pepperoni: 30,
  sausage: 16,
  mushroom: 13,
  onion: 8,
  bacon: 8,
  green_pepper: 7,
  black_olive: 6,
  ham: 6,
  pineapple: 5,
  chicken: 5,
  jalapeno: 4,
  tomato: 4,
  spinach: 3,
  beef: 3,
  garlic: 2.5,
  banana_pepper: 2.5,
  red_onion: 2,
  basil: 2,
  feta: 1.5,
  salami: 1.5,
  red_pepper: 1.2,
  green_olive: 1,
  artichoke: 0.7,
  anchovy: 0.5,
  sun_dried_tomato: 0.5,
};

/** Shares of the sizes; the price is that of a cheese pizza against the large one. */
export const sizes = [
  { name: 'small', weight: 9, price: 0.64 },
  { name: 'medium', weight: 27, price: 0.82 },
  { name: 'large', weight: 54, price: 1 },
  { name: 'x_large', weight: 10, price: 1.2 },
] as const;

/** Shares of the crusts, what they cost on top of a large pizza in US cents, and the states that stand out. */
export const crusts = [
  { name: 'hand_tossed', weight: 44, priceCents: 0, loved: '' },
  { name: 'thin', weight: 22, priceCents: 0, loved: 'HI' },
  { name: 'pan', weight: 11, priceCents: 100, loved: '' },
  { name: 'stuffed', weight: 9, priceCents: 250, loved: '' },
  { name: 'deep_dish', weight: 5, priceCents: 250, loved: 'IL MN WI MI IN GA ME AK' },
  { name: 'brooklyn', weight: 4, priceCents: 100, loved: '' },
  { name: 'sicilian', weight: 3, priceCents: 200, loved: 'AZ NY MA NJ DE WV FL NV NM' },
  { name: 'gluten_free', weight: 2, priceCents: 350, loved: '' },
] as const;

export const menuExtras: readonly MenuExtra[] = [
  { kind: 'side', name: 'Garlic Knots', priceCents: 649, weight: 15 },
  { kind: 'side', name: 'Cheesy Bread', priceCents: 799, weight: 13 },
  { kind: 'side', name: 'Breadsticks', priceCents: 599, weight: 9 },
  { kind: 'side', name: 'Buffalo Wings (8)', priceCents: 1149, weight: 9, loved: { AZ: 2 } },
  { kind: 'side', name: 'Buffalo Wings (16)', priceCents: 1999, weight: 3, loved: { AZ: 2 } },
  { kind: 'side', name: 'Boneless Wings (8)', priceCents: 999, weight: 7, loved: { AZ: 2 } },
  { kind: 'side', name: 'Mozzarella Sticks', priceCents: 749, weight: 4 },
  { kind: 'side', name: 'Caesar Salad', priceCents: 849, weight: 4, loved: { CA: 2.2 } },
  { kind: 'side', name: 'Garden Salad', priceCents: 749, weight: 3, loved: { CA: 2.2 } },
  { kind: 'side', name: 'Cinnamon Sticks', priceCents: 699, weight: 5 },
  { kind: 'side', name: 'Brownie', priceCents: 799, weight: 4 },
  { kind: 'side', name: 'Ranch Dip', priceCents: 99, weight: 8, loved: { WV: 2.5, PA: 1.8 } },
  { kind: 'side', name: 'Garlic Dip', priceCents: 99, weight: 5 },
  { kind: 'drink', name: 'Cola 2 l', priceCents: 399, weight: 14 },
  { kind: 'drink', name: 'Diet Cola 2 l', priceCents: 399, weight: 4 },
  { kind: 'drink', name: 'Lemon-Lime 2 l', priceCents: 399, weight: 5 },
  { kind: 'drink', name: 'Cola 20 oz', priceCents: 249, weight: 10 },
  { kind: 'drink', name: 'Iced Tea', priceCents: 279, weight: 4 },
  { kind: 'drink', name: 'Water', priceCents: 199, weight: 5 },
];

/** A large cheese pizza at the national price level, in US cents (Slice, independents, 2022). */
export const largeCheeseCents = 1781;

/** One topping on a large pizza at the national price level, in US cents. */
export const toppingCents = 175;

/** What a named pizza costs at most above a cheese pizza: five toppings cost no more than three. */
export const paidToppingsMax = 3;
