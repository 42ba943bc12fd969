import type { Second } from '../../app/steps.ts';
import { latency, rate } from '../../components/format.ts';
import { axisEnd, type Bucket, bucketsOf, bucketsShown } from './buckets.ts';

/** Freshness and orders a second over the last five minutes, as two rows of bars over one time axis. */
export function FreshnessChart({ seconds, now }: { seconds: readonly Second[]; now: number }) {
  const buckets = bucketsOf(seconds, now);
  const slowest = Math.max(0, ...buckets.map(({ freshnessMs }) => freshnessMs));
  const most = Math.max(0, ...buckets.map(({ ordersPerSecond }) => ordersPerSecond));
  const label =
    buckets.length === 0
      ? 'Nothing became visible in the last five minutes that this page watched.'
      : `The last five minutes: orders visible after ${latency(slowest)} at most, ${rate(most)} a second at most.`;
  return (
    <figure className="live-chart" role="img" aria-label={label}>
      <div className="lane freshness-lane">
        <LaneAxis title="Freshness" end={latency(axisEnd(slowest))} middle={latency(axisEnd(slowest) / 2)} />
        <Bars buckets={buckets} value={({ freshnessMs }) => freshnessMs / axisEnd(slowest)} />
        {buckets.length === 0 && <p>Bars appear as soon as orders do.</p>}
      </div>
      <div className="lane orders-lane">
        <LaneAxis title="Orders a second" end={rate(axisEnd(most))} />
        <Bars buckets={buckets} value={({ ordersPerSecond }) => ordersPerSecond / axisEnd(most)} />
      </div>
      <div className="lane-times">
        <span>5 min ago</span>
        <span>now</span>
      </div>
    </figure>
  );
}

function LaneAxis({ title, end, middle }: { title: string; end: string; middle?: string }) {
  return (
    <>
      <span className="lane-title">{title}</span>
      <span className="lane-end">{end}</span>
      {middle !== undefined && <span className="lane-middle">{middle}</span>}
    </>
  );
}

const [step, gap, height] = [10, 2, 100];

function Bars({ buckets, value }: { buckets: readonly Bucket[]; value: (bucket: Bucket) => number }) {
  return (
    <svg viewBox={`0 0 ${bucketsShown * step} ${height}`} preserveAspectRatio="none" aria-hidden="true">
      {buckets.map((bucket) => {
        const tall = Math.max(2, Math.min(1, value(bucket)) * height);
        return (
          <rect
            key={bucket.index}
            x={bucket.index * step + gap / 2}
            y={height - tall}
            width={step - gap}
            height={tall}
          />
        );
      })}
    </svg>
  );
}
