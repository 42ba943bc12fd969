import type { PipelineAnswer } from '../../../contract/pipeline.ts';
import { useLive } from '../../app/live-context.tsx';
import { useNow } from '../../app/use-now.ts';
import { counted, latency } from '../../components/format.ts';
import { FreshnessChart } from './freshness-chart.tsx';

const shares = [
  { name: 'p50_ms', title: 'Half of the orders', short: 'p50', note: 'within' },
  { name: 'p99_ms', title: '99 of 100', short: 'p99', note: 'within' },
  { name: 'max_ms', title: 'The slowest', short: 'max', note: 'after' },
] as const;

/** How long an order takes from its acknowledgement to the reports: of the newest orders, and minute by minute. */
export function Freshness({ figures }: { figures: PipelineAnswer['freshness'] | undefined }) {
  const { seconds } = useLive();
  const now = useNow(1_000);
  return (
    <section className="panel freshness-panel" aria-labelledby="freshness-title">
      <div className="panel-head">
        <h2 id="freshness-title">
          Freshness <small>from “taken” to every report, of the last {of(figures)}</small>
        </h2>
      </div>
      <div className="freshness-body">
        <dl>
          {shares.map(({ name, title, short, note }) => (
            <div key={name}>
              <dt>
                {title} <abbr title={abbreviations[short]}>{short}</abbr>
              </dt>
              <dd data-figure={short}>{figures ? <Share ms={figures[name]} note={note} /> : <Waiting />}</dd>
            </div>
          ))}
        </dl>
        <FreshnessChart seconds={seconds} now={now} />
      </div>
    </section>
  );
}

const abbreviations = {
  p50: 'the 50th percentile',
  p99: 'the 99th percentile',
  max: 'the maximum',
} as const;

function of(figures: PipelineAnswer['freshness'] | undefined): string {
  return figures && figures.records > 0 ? counted(figures.records, 'record') : 'records';
}

function Share({ ms, note }: { ms: number | null; note: string }) {
  if (ms === null) return <>–</>;
  return (
    <>
      <span className="visually-hidden">{note} </span>
      {latency(ms)}
    </>
  );
}

function Waiting() {
  return <span className="skeleton">000 ms</span>;
}
