/**
 * Shares an order's discount among its lines, pro rata to their gross amounts, by largest remainder, so that
 * the shares add up to the discount exactly. Equal remainders go to the earlier line.
 *
 * Three lines of 1000, 1000 and 1000 cents share 100 cents as 34, 33, 33.
 *
 * @param grossCents gross amount of each line, integers >= 0
 * @param discountCents integer >= 0; what exceeds the order's gross amount is not given
 */
export function shareDiscount(grossCents: readonly number[], discountCents: number): number[] {
  const total = grossCents.reduce((sum, gross) => sum + gross, 0);
  const given = Math.min(discountCents, total);
  if (given === 0) return grossCents.map(() => 0);
  // BigInt, because gross times discount passes 2^53 for the largest orders the contract allows.
  const exact = grossCents.map((gross) => BigInt(gross) * BigInt(given));
  const shares = exact.map((product) => Number(product / BigInt(total)));
  let left = given - shares.reduce((sum, share) => sum + share, 0);
  const byRemainder = exact
    .map((product, index) => ({ index, remainder: product % BigInt(total) }))
    .sort((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1));
  for (const { index } of byRemainder) {
    if (left === 0) break;
    shares[index] = (shares[index] ?? 0) + 1;
    left -= 1;
  }
  return shares;
}
