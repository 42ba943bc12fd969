/** How many tints the map has. */
export const tints = 5;

/** Cuts amounts into classes of about as many states each: `bounds[i]` is where class i begins. */
export interface Scale {
  readonly bounds: readonly number[];
  readonly most: number;
  /** The tint of an amount, 0 (least) to 4 (most). */
  tint(value: number): number;
}

/**
 * The scale of some amounts. Sales differ a hundredfold between states, so equal steps would paint one state dark
 * and the rest pale; classes of equal size keep the differences visible. Fewer distinct amounts, fewer classes.
 */
export function scaleOf(values: readonly number[]): Scale {
  const sorted = [...values].sort((one, other) => one - other);
  const cuts = Array.from({ length: tints }, (_, at) => sorted[Math.floor((at * sorted.length) / tints)] ?? 0);
  const bounds = cuts.filter((cut, at) => cut !== cuts[at - 1]);
  const most = sorted.at(-1) ?? 0;
  return {
    bounds,
    most,
    tint(value) {
      const reached = bounds.filter((bound) => bound <= value).length;
      return bounds.length <= 1
        ? tints - 1
        : Math.round(((Math.max(1, reached) - 1) * (tints - 1)) / (bounds.length - 1));
    },
  };
}
