import { duration } from '../components/format.ts';
import type { LiveState } from './live.ts';
import { useLive } from './live-context.tsx';
import { useNow } from './use-now.ts';

/** After so long without an order the pill says how old the last one is. */
const quietMs = 3_000;

const words = { connecting: 'Connecting', reconnecting: 'Reconnecting', offline: 'Offline' } as const;
const spoken: Readonly<Record<LiveState['connection'], string>> = {
  connecting: 'Connecting to live data',
  live: 'Live data connected',
  reconnecting: 'Connection lost, reconnecting',
  offline: 'Offline, showing the last data',
};

/** How far the page is behind the orders, in words. */
export function FreshnessPill() {
  const live = useLive();
  const now = useNow(1_000);
  return (
    <div className="freshness" data-connection={live.connection}>
      <span className="freshness-dot" aria-hidden="true" />
      <span>
        <FreshnessText {...live} now={Math.max(now, live.lastHeardAt ?? 0)} />
      </span>
      <span className="visually-hidden" role="status">
        {spoken[live.connection]}
      </span>
    </div>
  );
}

/** "Live · 0.2 s behind", "Live · last order 12 s ago", "Reconnecting", "Offline". */
function FreshnessText({ connection, lastStep, visibleThrough, now }: LiveState & { now: number }) {
  if (connection !== 'live') return words[connection];
  if (lastStep && now - lastStep.at < quietMs) return `Live · ${duration(lastStep.freshnessMs)} behind`;
  const last = lastStep?.at ?? visibleThrough;
  if (last === undefined) return 'Live · no orders yet';
  return (
    <>
      Live · <span className="if-wide">last order </span>
      {duration(Math.max(0, now - last))} ago
    </>
  );
}
