import type { NextRefresh, RefreshRun } from '../../../contract/refresh.ts';
import { useNow } from '../../app/use-now.ts';
import { exactMoment } from '../../components/format.ts';
import { RefreshTable } from './refresh-table.tsx';
import { inWords, whenNext } from './refresh-words.ts';

interface RefreshesProps {
  /** Undefined until the first answer. */
  refreshes: readonly RefreshRun[] | undefined;
  next: NextRefresh | null | undefined;
  /** Whether an order was ever loaded: before that nothing is refreshed by itself. */
  hasOrders: boolean;
}

/** The daily refresh: how the last ones went, step by step, and when the next one is due. */
export function Refreshes({ refreshes, next, hasOrders }: RefreshesProps) {
  const now = useNow(1_000);
  const [newest] = refreshes ?? [];
  return (
    <section className="panel refreshes" aria-labelledby="refresh-title">
      <div className="panel-head">
        <h2 id="refresh-title">
          The refresh <small>once a business date: newest stores, customers and figures, and tidying up</small>
        </h2>
      </div>
      <p className="panel-note">
        {!refreshes && <span className="skeleton">The refresh of Sun, Nov 22 went well and took 00 s.</span>}
        {refreshes && (newest ? inWords(newest, now) : 'No refresh has run yet.')}{' '}
        {next && <Next next={next} isFirst={!newest} hasOrders={hasOrders} now={now} />}
      </p>
      {refreshes && newest && <RefreshTable runs={refreshes} now={now} />}
    </section>
  );
}

interface NextProps {
  next: NextRefresh;
  isFirst: boolean;
  hasOrders: boolean;
  now: number;
}

/** A run that is due begins within seconds. */
function Next({ next, isFirst, hasOrders, now }: NextProps) {
  const what = next.is_retry ? 'It is tried again' : isFirst ? 'The first one is due' : 'The next one is due';
  return (
    <>
      {what}{' '}
      {Date.parse(next.at) <= now ? (
        'now'
      ) : (
        <time dateTime={next.at} title={exactMoment(next.at)}>
          {whenNext(next)}
        </time>
      )}
      {hasOrders ? '.' : ', if an order has been loaded by then.'}
    </>
  );
}
