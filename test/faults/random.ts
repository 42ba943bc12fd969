/** Numbers that a seed repeats. */
export interface Random {
  /** A whole number from `min` to `max`, both included. */
  between(min: number, max: number): number;
  pick<T>(from: readonly T[]): T;
  /** True in `share` of the cases. */
  chance(share: number): boolean;
}

/** The seed of this run: SLICEHOUSE_SEED if set, else the clock's. Printed, so that a failure can be replayed. */
export function seedOfRun(): number {
  const seed = Number(process.env['SLICEHOUSE_SEED'] ?? Date.now() % 1_000_000_007);
  console.log(`SLICEHOUSE_SEED=${seed}`);
  return seed;
}

/** A multiplicative congruential generator modulo 2^31 - 1: small, and even enough to choose moments with. */
export function createRandom(seed: number): Random {
  const modulus = 2_147_483_647;
  let state = (Math.abs(Math.trunc(seed)) % (modulus - 1)) + 1;
  const next = (): number => {
    state = (state * 48_271) % modulus;
    return (state - 1) / (modulus - 1);
  };
  for (let warmUp = 0; warmUp < 5; warmUp += 1) next();
  const between = (min: number, max: number): number => min + Math.floor(next() * (max - min + 1));
  return {
    between,
    pick: (from) => {
      const picked = from[between(0, from.length - 1)];
      if (picked === undefined) throw new Error('There is nothing to pick from.');
      return picked;
    },
    chance: (share) => next() < share,
  };
}
