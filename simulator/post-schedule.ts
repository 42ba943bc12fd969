import { setImmediate as breathe } from 'node:timers/promises';
import { hourMs } from './business-hours.ts';
import type { Chain } from './chain.ts';
import { type Post, postsOf } from './order-draft.ts';
import { type Crowd, lateMsMax, ordersOfStoreHour } from './store-orders.ts';

/** Orders made between two looks at the event loop. */
const storesPerBreath = 10;

/**
 * Everything that the tills of a chain send from an instant on, hour by hour without end, each hour by time of
 * sending. What was ordered before and is sent late is in it, back to two days (less at high rates).
 */
export async function* postsFrom(chain: Chain, crowds: readonly Crowd[], fromMs: number): AsyncGenerator<Post[]> {
  const first = Math.floor(fromMs / hourMs);
  const lookBackHours = Math.ceil(lateMsMax / hourMs / Math.max(1, crowds.length));
  const waiting = new Map<number, Post[]>();
  for (let utcHour = first - lookBackHours; ; utcHour++) {
    await addHour(waiting, chain, crowds, utcHour);
    const posts = waiting.get(utcHour) ?? [];
    waiting.delete(utcHour);
    if (utcHour < first) continue;
    yield posts.filter(({ sentAtMs }) => sentAtMs >= fromMs).sort((a, b) => a.sentAtMs - b.sentAtMs);
  }
}

/** Puts what is ordered in an hour where it is sent. */
async function addHour(waiting: Map<number, Post[]>, chain: Chain, crowds: readonly Crowd[], utcHour: number) {
  let made = 0;
  for (const store of chain.stores) {
    for (const crowd of crowds) {
      for (const draft of ordersOfStoreHour(chain, store, utcHour, crowd)) addPosts(waiting, postsOf(draft));
      if (++made % storesPerBreath === 0) await breathe();
    }
  }
}

function addPosts(waiting: Map<number, Post[]>, posts: readonly Post[]): void {
  for (const post of posts) {
    const hour = Math.floor(post.sentAtMs / hourMs);
    const list = waiting.get(hour);
    if (list === undefined) waiting.set(hour, [post]);
    else list.push(post);
  }
}
