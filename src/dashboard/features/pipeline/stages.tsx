import type { PipelineAnswer } from '../../../contract/pipeline.ts';
import type { LiveState } from '../../app/live.ts';
import { useLive } from '../../app/live-context.tsx';
import { rateOf } from '../../app/steps.ts';
import { useNow } from '../../app/use-now.ts';
import { bytes, count, counted, duration, latency, rate, shortCount } from '../../components/format.ts';
import { totals } from './identity.ts';
import { useArrivalRate } from './use-arrival-rate.ts';

/** What a stage is doing, in a word that stands beside its mark. */
type Doing = 'flowing' | 'quiet' | 'catching up' | 'kept' | 'off';

interface Stage {
  readonly name: string;
  readonly doing: Doing;
  readonly figure: string;
  readonly unit: string;
  readonly note: string;
  /** What the stage is for. */
  readonly why: string;
}

/** More sealed segment files than this wait only when the loader cannot follow. */
const waitingMany = 10;
/** After so long without an order nothing flows. */
const quietMs = 10_000;

/** An order's way through the house, stage by stage, with what each has in hand now. */
export function Stages({ answer, readAt }: { answer: PipelineAnswer | undefined; readAt: number }) {
  const live = useLive();
  const now = useNow(1_000);
  const arrivals = useArrivalRate(answer && totals(answer.days).received, readAt);
  if (!answer) return <StagesSkeleton />;
  const flowing = live.lastStep !== undefined && now - live.lastStep.at < quietMs;
  const stages = [
    accepted(answer, arrivals, flowing),
    durable(answer, flowing),
    loaded(answer, flowing),
    visible(live, now, flowing),
    archived(answer),
  ];
  return (
    <ol className="stages panel" data-flowing={flowing ? '' : undefined} aria-label="The way of an order">
      {stages.map(({ name, doing, figure, unit, note, why }) => (
        <li key={name} data-doing={doing}>
          <div className="stage-head">
            <span className="stage-dot" aria-hidden="true" />
            <h2>{name}</h2>
            <span className="stage-doing">{doing}</span>
          </div>
          <p className="stage-figure">
            {figure} <small>{unit}</small>
          </p>
          <p className="stage-note">{note}</p>
          <p className="stage-why">{why}</p>
        </li>
      ))}
    </ol>
  );
}

function accepted({ days }: PipelineAnswer, arrivals: number | undefined, flowing: boolean): Stage {
  const today = days.find(({ day }) => day === new Date().toISOString().slice(0, 10));
  return {
    name: 'Accepted',
    doing: arrivals || flowing ? 'flowing' : 'quiet',
    figure: arrivals === undefined ? '–' : rate(arrivals),
    unit: 'a second',
    note: `${count(today?.received ?? 0)} today`,
    why: 'Checked, and every fault named to the sender.',
  };
}

function durable({ backlog }: PipelineAnswer, flowing: boolean): Stage {
  return {
    name: 'Durable',
    doing: flowing || backlog.bufferedBytes > 0 ? 'flowing' : 'quiet',
    figure: bytes(backlog.bufferedBytes),
    unit: 'on the way to disk',
    note: backlog.bufferedBytes === 0 ? 'Everything is on disk' : 'Not yet acknowledged',
    why: 'The sender hears “taken” only once the disk has it.',
  };
}

function loaded({ backlog, in_flight }: PipelineAnswer, flowing: boolean): Stage {
  const { unloadedRecords, waitingSegments, oldestWaitingMs } = backlog;
  const age = oldestWaitingMs ? `, the oldest ${duration(oldestWaitingMs)} old` : '';
  return {
    name: 'Loaded',
    doing: waitingSegments > waitingMany ? 'catching up' : flowing || unloadedRecords > 0 ? 'flowing' : 'quiet',
    figure: shortCount(in_flight),
    unit: 'waiting',
    note: waitingSegments === 0 ? 'No file waits' : `${counted(waitingSegments, 'file')} to load${age}`,
    why: 'Counted once, however often it was sent.',
  };
}

function visible({ lastStep, visibleThrough, seconds }: LiveState, now: number, flowing: boolean): Stage {
  const last = lastStep?.at ?? visibleThrough;
  const perSecond = rateOf(seconds, now, 60_000);
  return {
    name: 'Visible',
    doing: flowing ? 'flowing' : 'quiet',
    figure: lastStep === undefined ? '–' : latency(lastStep.freshnessMs),
    unit: 'behind the till',
    note: flowing
      ? `${rate(perSecond)} a second`
      : last === undefined
        ? 'No order yet'
        : `Last order ${duration(now - last)} ago`,
    why: 'In every report that is opened from now on.',
  };
}

function archived({ archive }: PipelineAnswer): Stage {
  const why = 'Kept, so that everything can be counted anew.';
  if (!archive) return { name: 'Archived', doing: 'off', figure: '–', unit: '', note: 'No archive is kept', why };
  return {
    name: 'Archived',
    doing: archive.records > 0 ? 'kept' : 'quiet',
    figure: shortCount(archive.records),
    unit: 'records',
    note:
      archive.batches === 0
        ? 'Nothing archived yet'
        : `${counted(archive.batches, 'batch', 'batches')}, ${bytes(archive.bytes)}`,
    why,
  };
}

const names = ['Accepted', 'Durable', 'Loaded', 'Visible', 'Archived'] as const;

function StagesSkeleton() {
  return (
    <ol className="stages panel" aria-label="The way of an order">
      {names.map((name) => (
        <li key={name} data-doing="quiet">
          <div className="stage-head">
            <span className="stage-dot" aria-hidden="true" />
            <h2>{name}</h2>
          </div>
          <p className="stage-figure">
            <span className="skeleton">00.0 a second</span>
          </p>
          <p className="stage-note">
            <span className="skeleton">00,000 today</span>
          </p>
          <p className="stage-why">&nbsp;</p>
        </li>
      ))}
    </ol>
  );
}
