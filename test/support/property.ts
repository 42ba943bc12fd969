/** How often a property is tried. `FC_SEED` plays a failure again: fast-check prints the seed of every failure. */
export interface Runs {
  readonly numRuns: number;
  readonly seed?: number;
}

/** Runs of a property in the everyday suite, and with `SLICEHOUSE_LONG=1`. */
export function runs(everyday: number, long = everyday * 10): Runs {
  const written = process.env['FC_SEED'];
  const numRuns = process.env['SLICEHOUSE_LONG'] === '1' ? long : everyday;
  return written === undefined || written === '' ? { numRuns } : { numRuns, seed: Number(written) };
}
