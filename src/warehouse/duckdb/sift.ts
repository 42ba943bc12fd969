/** Loads items on trial. Resolves with what is wrong, or with undefined when all of them can be loaded together. */
export type Trial<Item> = (items: readonly Item[]) => Promise<string | undefined>;

export interface Sifted<Item> {
  readonly item: Item;
  readonly reason: string;
}

/** So many that fail, and none that does not: then it is not the items. */
const failingMax = 1_000;

/**
 * Finds the items that make a load fail, by halves. Items that fail only together with others count too: the later
 * one is taken out. Without what is found the rest loads.
 *
 * Of `[1, 2, 'x', 4]` the trials are all four, `1, 2` (good), `'x', 4`, `'x'` (bad), `4` (good), and `1, 2, 4`.
 *
 * @returns nothing when all of them load now, or when more than 1,000 fail and none loads
 */
export async function sift<Item>(items: readonly Item[], trial: Trial<Item>): Promise<Sifted<Item>[]> {
  const alone = await halve(items, trial);
  if (!alone) return [];
  const bad = new Set(alone.map(({ item }) => item));
  const rest = items.filter((item) => !bad.has(item));
  const good: Item[] = [];
  const together = await halve(rest, async (part) => {
    const reason = await trial([...good, ...part]);
    if (reason === undefined) for (const item of part) good.push(item);
    return reason;
  });
  return [...alone, ...(together ?? [])];
}

/** @returns undefined when it gives up: it is not the items */
async function halve<Item>(items: readonly Item[], trial: Trial<Item>): Promise<Sifted<Item>[] | undefined> {
  const found: Sifted<Item>[] = [];
  const parts = [items];
  let good = 0;
  for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
    const [first] = part;
    if (first === undefined) continue;
    const reason = await trial(part);
    if (reason === undefined) good += 1;
    else if (part.length === 1) found.push({ item: first, reason });
    else parts.push(part.slice(part.length >> 1), part.slice(0, part.length >> 1));
    if (good === 0 && found.length > failingMax) return undefined;
  }
  return found;
}
