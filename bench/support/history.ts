import { dateOf, dayMs } from '../../simulator/calendar.ts';
import type { Chain } from '../../simulator/chain.ts';
import { postHistory } from '../../simulator/history.ts';
import { putStores } from '../../simulator/reference.ts';
import { ordersOfStoreDay } from '../../simulator/store-orders.ts';
import type { BenchContext } from './scenario.ts';

/** The business date so many days before today. */
export function daysAgo(days: number): string {
  return dateOf(Math.floor(Date.now() / dayMs) - days);
}

/** Posts a chain's stores, and its orders of `firstDay` to `lastDay` days ago: the real path into the warehouse. */
export async function postPast(
  { say }: Pick<BenchContext, 'say'>,
  chain: Chain,
  url: string,
  { firstDay, lastDay }: { readonly firstDay: number; readonly lastDay: number },
): Promise<number> {
  await putStores({ chain, url });
  let saidMs = performance.now();
  const posted = await postHistory({
    chain,
    url,
    from: daysAgo(firstDay),
    to: daysAgo(lastDay),
    onProgress: ({ ordersPosted, ordersExpected }) => {
      if (performance.now() - saidMs < 2_000) return;
      saidMs = performance.now();
      say(`history: ${ordersPosted.toLocaleString('en-US')} of about ${ordersExpected.toLocaleString('en-US')} orders`);
    },
  });
  return posted.ordersPosted;
}

/** About how many order lines a chain sells a day: the mean of a week. */
export function linesPerDay(chain: Chain): number {
  const week = Array.from({ length: 7 }, (_, day) => daysAgo(day + 1));
  let lines = 0;
  for (const date of week)
    for (const store of chain.stores)
      for (const draft of ordersOfStoreDay(chain, store, date))
        if (draft.fate !== 'voided') lines += draft.lines.length;
  return lines / week.length;
}
