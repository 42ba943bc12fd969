import { fraction, mix } from './random.ts';

/** Customers that a till knows, for each order of the store's mean day: they order some four times a year. */
const customersPerDailyOrder = 66;

/** Share of the customers, the most frequent ones, that have an account and so a home in the reference data. */
export const memberShare = 0.25;

/** Spread of how often people order: the standard deviation of its logarithm. */
const frequencySpread = 0.75;

/** How many customers a store knows. */
export function customersOf(ordersPerDay: number): number {
  return Math.round(ordersPerDay * customersPerDailyOrder);
}

const steps = 4_096;

/**
 * Frequencies are log-normal, so the customer behind a random order sits at the quantile
 * Φ(z − spread), z standard normal, when the most frequent customer is at 0.
 */
const ranks = Float64Array.from({ length: steps + 1 }, (_, step) => {
  const share = Math.min(1 - 1e-9, Math.max(1e-9, step / steps));
  return normalCdf(inverseNormalCdf(share) - frequencySpread);
});
ranks[0] = 0;
ranks[steps] = 1;

/** Which of `count` customers, the most frequent first, is behind a random order. */
export function customerRank(uniform: number, count: number): number {
  const scaled = uniform * steps;
  const step = scaled | 0;
  const [low, high] = [ranks[step] as number, ranks[step + 1] as number];
  return ((low + (high - low) * (scaled - step)) * count) | 0;
}

/** Φ, by Abramowitz and Stegun 7.1.26; error below 2e-7. */
function normalCdf(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const series = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  const erf = 1 - series * Math.exp(-x * x);
  return z < 0 ? (1 - erf) / 2 : (1 + erf) / 2;
}

/** Φ⁻¹ by bisection: it runs a few thousand times, once. */
function inverseNormalCdf(share: number): number {
  let [low, high] = [-8, 8];
  for (let round = 0; round < 60; round++) {
    const middle = (low + high) / 2;
    if (normalCdf(middle) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** What can be told of a customer from the number alone. Each habit takes bits of its own. */
export const habits = {
  home: 0x1b873593,
  design: 0x2545f491,
  base: 0x3c6ef372,
  channel: 0x4cf5ad43,
  weekday: 0x5bd1e995,
  hour: 0x6c8e9cf5,
} as const;

/** A number 0 <= u < 1 that is the same for a customer and a habit for ever. */
export function habit(seed: number, customer: number, kind: number): number {
  return fraction(mix(mix(customer ^ kind) + seed));
}

/** `c-0012345`. */
export function customerId(customer: number): string {
  const digits = String(customer);
  return `c-${'0000000'.slice(digits.length)}${digits}`;
}
