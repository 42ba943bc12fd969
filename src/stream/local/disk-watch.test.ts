import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DiskWatch } from './disk-watch.ts';

describe('the watch on free disk space', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  let free = 0;
  let looks = 0;
  const changes: (string | undefined)[] = [];
  const watching = async (reserveBytes: number, needed = () => 0): Promise<DiskWatch> => {
    [free, looks] = [2_000, 0];
    changes.length = 0;
    const watch: DiskWatch = await DiskWatch.open({
      folder: '.',
      reserveBytes,
      neededBytes: needed,
      onChange: () => changes.push(watch.refusal()?.code),
      freeBytesOf: async () => {
        looks += 1;
        if (free < 0) throw new Error('gone');
        return free;
      },
    });
    return watch;
  };
  const afterASecond = async (nowFree: number): Promise<void> => {
    free = nowFree;
    await vi.advanceTimersByTimeAsync(1_000);
  };

  it('refuses while less than the reserve is free, and until there is an eighth more', async () => {
    const watch = await watching(1_000);
    expect(watch.refusal()).toBeUndefined();
    await afterASecond(999);
    expect(watch.refusal()).toMatchObject({ code: 'storage_full', retryAfterSeconds: 10 });
    await afterASecond(1_124);
    expect(watch.refusal()).toBeDefined();
    await afterASecond(1_125);
    expect(watch.refusal()).toBeUndefined();
    await afterASecond(1_000);
    expect(watch.refusal()).toBeUndefined();
    expect(changes).toEqual(['storage_full', undefined]);
    watch.close();
  });

  it('keeps room for loading what waits, on top of the reserve', async () => {
    let needed = 1_000;
    const watch = await watching(1_000, () => needed);
    await afterASecond(1_999);
    expect(watch.refusal()).toBeDefined();
    needed = 0;
    await afterASecond(1_999);
    expect(watch.refusal()).toBeUndefined();
    watch.close();
  });

  it('looks once a second, however often it is asked, and not at all without a reserve', async () => {
    const watch = await watching(1_000);
    for (let ask = 0; ask < 1_000; ask += 1) watch.refusal();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(looks).toBe(11);
    watch.close();
    const without = await watching(0);
    await afterASecond(0);
    expect([looks, without.refusal()]).toEqual([0, undefined]);
  });

  it('changes nothing when it cannot look', async () => {
    const watch = await watching(1_000);
    await afterASecond(10);
    await afterASecond(-1);
    expect(watch.refusal()).toBeDefined();
    watch.close();
  });
});
