import { existsSync } from 'node:fs';
import { join } from 'node:path';

const marker = 'restore-unfinished';

export function markerPath(folder: string): string {
  return join(folder, marker);
}

/**
 * Refuses a data folder that a restore has begun to fill and not finished: it looks like one, and lacks orders.
 *
 * @throws Error that says what to do
 */
export function refuseUnfinished(folder: string): void {
  if (!existsSync(markerPath(folder))) return;
  throw new Error(
    `The folder ${folder} was left by a restore that did not finish. Remove it and run "slicehouse restore" again.`,
  );
}
