import { Fragment, useState } from 'react';
import type { RefreshRun, Step, StepPart } from '../../../contract/refresh.ts';
import { calendarDay, count, exactMoment, moment } from '../../components/format.ts';
import { ChevronIcon } from '../../components/icons.tsx';
import { Outcome } from './outcome.tsx';
import { meaningOf, reasonOf, titleOfPart, titleOfStep, took } from './refresh-words.ts';

/** The last runs, the newest first; opened, a run shows its steps. The newest is open until it is closed. */
export function RefreshTable({ runs, now }: { runs: readonly RefreshRun[]; now: number }) {
  const [chosen, setChosen] = useState<ReadonlyMap<string, boolean>>(new Map());
  return (
    <table className="work-table refresh-table" aria-labelledby="refresh-title">
      <thead>
        <tr>
          <th scope="col">Business date</th>
          <th scope="col">Began</th>
          <th scope="col">Took</th>
          <th scope="col">Rows</th>
          <th scope="col">Outcome</th>
        </tr>
      </thead>
      <tbody>
        {runs.map((run, index) => {
          const isOpen = chosen.get(run.run_id) ?? index === 0;
          const toggle = () => setChosen((before) => new Map(before).set(run.run_id, !isOpen));
          return (
            <Fragment key={run.run_id}>
              <RunRow run={run} isOpen={isOpen} onToggle={toggle} now={now} />
              {isOpen && run.steps.map((step) => <StepRows key={step.step} step={step} now={now} />)}
            </Fragment>
          );
        })}
      </tbody>
    </table>
  );
}

interface RunRowProps {
  run: RefreshRun;
  isOpen: boolean;
  onToggle: () => void;
  now: number;
}

function RunRow({ run, isOpen, onToggle, now }: RunRowProps) {
  return (
    <tr className="refresh-run">
      <th scope="row">
        <button type="button" className="books-day" aria-expanded={isOpen} onClick={onToggle}>
          <ChevronIcon />
          {calendarDay(run.business_date)} <small>{reasonOf(run)}</small>
        </button>
      </th>
      <td data-label="Began">
        <time dateTime={run.started_at} title={exactMoment(run.started_at)}>
          {moment(run.started_at)}
        </time>
      </td>
      <td data-label="Took">{took(run, now)}</td>
      <td />
      <td>
        <Outcome of={run.status} />
      </td>
    </tr>
  );
}

/** A step, and its parts where it has some. */
function StepRows({ step, now }: { step: Step; now: number }) {
  const told = step.parts.some(({ detail }) => detail !== null) && step.status === 'failed';
  return (
    <>
      <WorkRow
        title={titleOfStep(step.step)}
        meaning={meaningOf(step)}
        // What the parts say need not be said twice.
        work={told ? { ...step, detail: null } : step}
        now={now}
      />
      {step.parts.map((part) => (
        <WorkRow key={part.part} isPart title={titleOfPart(part.part)} meaning={undefined} work={part} now={now} />
      ))}
    </>
  );
}

interface WorkRowProps {
  title: string;
  meaning: string | undefined;
  work: Omit<StepPart, 'part'>;
  now: number;
  isPart?: boolean;
}

function WorkRow({ title, meaning, work, now, isPart = false }: WorkRowProps) {
  return (
    <tr className={isPart ? 'refresh-step refresh-part' : 'refresh-step'}>
      <th scope="row">
        {title}
        {meaning !== undefined && <p>{meaning}</p>}
        {work.detail !== null && (
          <p className={work.status === 'failed' ? 'refresh-error' : undefined}>{work.detail}</p>
        )}
      </th>
      <td />
      <td data-label="Took">{took(work, now)}</td>
      <td data-label="Rows">{work.rows === null ? '' : count(work.rows)}</td>
      <td>
        <Outcome of={work.status} />
      </td>
    </tr>
  );
}
