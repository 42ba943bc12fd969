import type { ReactNode } from 'react';
import type { PipelineAnswer } from '../../../contract/pipeline.ts';
import { Link } from '../../app/link.tsx';
import { bytes, calendarDay, count, counted, exactMoment, moment, percent } from '../../components/format.ts';

/** What stands beside an order's way: what could not be taken, what is kept, what is tidied. */
export function Upkeep({ answer }: { answer: PipelineAnswer | undefined }) {
  return (
    <div className="upkeep">
      <Part
        title="Quarantine"
        why="Records that could not be taken, kept with their exact bytes until somebody decides."
      >
        {answer && <Quarantine counts={answer.quarantine} />}
      </Part>
      <Part title="Archive" why="Loaded files, compressed: from them the whole warehouse can be made anew.">
        {answer && <Archive archive={answer.archive} />}
      </Part>
      <Part title="Compaction" why="Brings lines into the order that reports read fastest. No figure changes by it.">
        {answer && <Compaction compaction={answer.compaction} />}
      </Part>
    </div>
  );
}

function Part({ title, why, children }: { title: string; why: string; children: ReactNode }) {
  return (
    <section className="panel upkeep-part">
      <h2>{title}</h2>
      {children ?? (
        <p className="upkeep-figure">
          <span className="skeleton">000 waiting</span>
        </p>
      )}
      <p className="upkeep-why">{why}</p>
    </section>
  );
}

function Quarantine({ counts: { waiting, replayed, dropped } }: { counts: PipelineAnswer['quarantine'] }) {
  return (
    <>
      <p className="upkeep-figure" data-figure="waiting">
        {count(waiting)} <small>waiting</small>
      </p>
      <p>
        {count(replayed)} replayed, {count(dropped)} dropped
      </p>
      <p>
        <Link href="/quarantine">{waiting === 0 ? 'Open the quarantine' : 'See what is wrong with them'}</Link>
      </p>
    </>
  );
}

function Archive({ archive }: { archive: PipelineAnswer['archive'] }) {
  if (!archive) return <p className="upkeep-figure">Not kept</p>;
  const { batches, records, bytes: size, newest } = archive;
  return (
    <>
      <p className="upkeep-figure">
        {count(records)} <small>records</small>
      </p>
      <p>
        {counted(batches, 'batch', 'batches')}, {bytes(size)}
      </p>
      <p>{newest === null ? 'Nothing archived yet' : <>Newest: {when(newest)}</>}</p>
    </>
  );
}

function Compaction({ compaction }: { compaction: PipelineAnswer['compaction'] }) {
  if (!compaction) return <p className="upkeep-figure">Not needed yet</p>;
  const { running, lines, total, last_at } = compaction;
  return (
    <>
      <p className="upkeep-figure">{running ? `${percent(total === 0 ? 0 : lines / total)} done` : 'At rest'}</p>
      {running ? (
        <p>
          {count(lines)} of {counted(total, 'line')}
        </p>
      ) : (
        <p>{last_at === null ? 'Not since this server started' : <>Last: {when(last_at)}</>}</p>
      )}
    </>
  );
}

/** A calendar date, or an instant with its seconds and zone on hover. */
function when(written: string): ReactNode {
  if (written.length === 10) return calendarDay(written);
  return (
    <time dateTime={written} title={exactMoment(written)}>
      {moment(written)}
    </time>
  );
}
