import { SlicehouseError } from '../contract/errors.ts';
import type { DeliveryStream } from '../stream/stream.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';

const patienceMs = 10_000;

/**
 * To be called before the loader runs. Gives a function that resolves when everything that an earlier run accepted is
 * loaded, and throws SlicehouseError `overloaded` when that takes longer than ten seconds.
 */
export async function recovery(stream: DeliveryStream, warehouse: Warehouse): Promise<() => Promise<void>> {
  const files = stream.status().waitingSegments > 0 ? await stream.next(Number.MAX_SAFE_INTEGER) : [];
  let left = files.map((file) => file.sequence);
  return async () => {
    const endMs = performance.now() + patienceMs;
    while (left.length > 0) {
      const loaded = await warehouse.loaded(left);
      left = left.filter((sequence) => !loaded.has(sequence));
      if (left.length === 0) return;
      if (performance.now() > endMs) {
        const detail = 'What was accepted before the last start is still being loaded. Try again in a moment.';
        throw new SlicehouseError('overloaded', detail, { retryAfterSeconds: 5 });
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
}
