import type { CombinationTopping } from '../../../contract/combination.ts';
import { hashOf, randomFrom } from './random.ts';

/** `small` has fewer and larger pieces, so that a pizza of 48 pixels still shows what is on it. */
export type Detail = 'small' | 'large';

/** One piece of a topping, in the units of the drawing (the pizza has a radius of 62). */
export interface Piece {
  readonly topping: string;
  readonly x: number;
  readonly y: number;
  /** Degrees. */
  readonly turn: number;
  readonly scale: number;
}

type Side = 'left' | 'right';

const weights: Readonly<Record<CombinationTopping['amount'], number>> = { light: 0.5, regular: 1, extra: 2 };
const goldenAngle = Math.PI * (3 - Math.sqrt(5));
/** Pieces keep this far from the cut when the halves differ. */
const cutMargin = 8;

const densities = {
  large: { scale: 1, most: 13, count: (weight: number) => (weight < 1 ? 4 : 5 + 3 * weight) },
  small: { scale: 1.6, most: 6, count: (weight: number) => (weight < 1 ? 2 : 3 + weight) },
} as const;

/**
 * Where the pieces of the toppings lie. They are spread like the seeds of a sunflower over `radius`, so they
 * never clump; each side takes turns among the toppings that lie on it, by their amounts. The same combination
 * always gives the same pieces.
 */
export function layOut(key: string, toppings: readonly CombinationTopping[], detail: Detail, radius: number): Piece[] {
  const { scale, most, count } = densities[detail];
  const turns = { left: takeTurns(toppings, 'left'), right: takeTurns(toppings, 'right') };
  const wanted = {
    left: turns.left.weight === 0 ? 0 : Math.min(most, Math.round(count(turns.left.weight))),
    right: turns.right.weight === 0 ? 0 : Math.min(most, Math.round(count(turns.right.weight))),
  };
  const perSide = Math.max(wanted.left, wanted.right);
  const halved = toppings.some((topping) => topping.portion !== 'whole');
  const random = randomFrom(hashOf(key));
  const seen = { left: 0, right: 0 };
  const pieces: Piece[] = [];
  for (const [x, y] of sunflower(perSide * 2, radius - 7 * scale, random)) {
    const side: Side = x < 0 ? 'left' : 'right';
    const due =
      Math.floor(((seen[side] + 1) * wanted[side]) / perSide) > Math.floor((seen[side] * wanted[side]) / perSide);
    seen[side] += 1;
    const turn = Math.round(random() * 360);
    const topping = due ? turns[side].next() : undefined;
    if (topping === undefined) continue;
    pieces.push({ topping, x: round(halved ? clearOfCut(x) : x), y: round(y), turn, scale });
  }
  return pieces;
}

function clearOfCut(x: number): number {
  return x < 0 ? Math.min(x, -cutMargin) : Math.max(x, cutMargin);
}

function* sunflower(count: number, radius: number, random: () => number): Generator<[number, number]> {
  const phase = random() * Math.PI * 2;
  for (let at = 0; at < count; at++) {
    const distance = radius * Math.sqrt((at + 0.5) / count);
    const angle = phase + at * goldenAngle;
    const [dx, dy] = [random() - 0.5, random() - 0.5];
    yield [distance * Math.cos(angle) + dx * 3, distance * Math.sin(angle) + dy * 3];
  }
}

/** Smooth weighted turns: a topping of twice the weight comes twice as often, never in a lump. */
function takeTurns(toppings: readonly CombinationTopping[], side: Side) {
  const here = toppings
    .filter(({ portion }) => portion === 'whole' || portion === side)
    .map(({ name, amount }) => ({ name, weight: weights[amount], credit: 0 }));
  const weight = here.reduce((sum, topping) => sum + topping.weight, 0);
  const next = (): string | undefined => {
    for (const topping of here) topping.credit += topping.weight;
    const [first, ...rest] = here;
    if (first === undefined) return undefined;
    const chosen = rest.reduce((best, topping) => (topping.credit > best.credit ? topping : best), first);
    chosen.credit -= weight;
    return chosen.name;
  };
  return { weight, next };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
