import type { Combination, CombinationTopping } from './combination.ts';

/** Terms whose spelling a reader expects to differ from their plain form. */
const spelled: ReadonlyMap<string, string> = new Map([
  ['bbq', 'BBQ'],
  ['hand_tossed', 'hand-tossed'],
  ['jalapeno', 'jalapeño'],
  ['gluten_free', 'gluten-free'],
  ['sun_dried_tomato', 'sun-dried tomato'],
]);

/** A canonical term as a person writes it: `green_pepper` is "green pepper". */
export function spell(term: string): string {
  return spelled.get(term) ?? term.replaceAll('_', ' ');
}

/**
 * What a person calls a combination: "Thin · pepperoni, mushroom (left half)". The usual (tomato sauce,
 * regular cheese) and the unspecified go without saying; what covers the whole pizza comes first.
 */
export function combinationLabel({ crust, sauce, cheese, toppings }: Omit<Combination, 'key'>): string {
  const parts = [
    ...(crust === 'unspecified' ? [] : [spell(crust)]),
    ...(sauce === 'unspecified' || sauce === 'tomato' ? [] : [sauce === 'none' ? 'no sauce' : spell(sauce)]),
    ...cheesePart(cheese),
    toppingsPart(toppings),
  ];
  const label = parts.join(' · ');
  return label.charAt(0).toUpperCase() + label.slice(1);
}

function cheesePart(cheese: string): string[] {
  if (cheese === 'unspecified' || cheese === 'regular') return [];
  if (cheese === 'none') return ['no cheese'];
  return cheese === 'extra' || cheese === 'light' ? [`${cheese} cheese`] : [spell(cheese)];
}

function toppingsPart(toppings: readonly CombinationTopping[]): string {
  if (toppings.length === 0) return 'no toppings';
  const whole = toppings.filter((topping) => topping.portion === 'whole');
  const halves = toppings.filter((topping) => topping.portion !== 'whole');
  return [...whole, ...halves]
    .map(({ name, portion, amount }) => {
      const named = amount === 'regular' ? spell(name) : `${amount} ${spell(name)}`;
      return portion === 'whole' ? named : `${named} (${portion} half)`;
    })
    .join(', ');
}
