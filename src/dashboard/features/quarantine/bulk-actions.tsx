import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import type { ReplayAllAnswer } from '../../../contract/answers.ts';
import { Link } from '../../app/link.tsx';
import { recordPath } from '../../app/routes.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { Failure } from '../../components/failure.tsx';
import { count, counted } from '../../components/format.ts';
import { dropGroup, replayGroup } from './calls.ts';
import type { Selection } from './selection.ts';
import { titleOf } from './words.ts';

type Outcome = { readonly replayed: ReplayAllAnswer } | { readonly dropped: number } | { readonly error: Error };

/** Replays or drops all waiting records of the selection, after a question that says how many they are. */
export function BulkActions({ selection, total }: { selection: Selection; total: number }) {
  const [asked, setAsked] = useState<'replay' | 'drop'>();
  const { busy, outcome, run, place } = useBulk(selection);
  const confirm = () => {
    setAsked(undefined);
    if (asked) run(asked);
  };
  return (
    <>
      <div className="bulk" hidden={total === 0}>
        <button type="button" className="button" onClick={() => setAsked('replay')} disabled={busy}>
          Replay {named(total)}…
        </button>
        <button type="button" className="button danger" onClick={() => setAsked('drop')} disabled={busy}>
          Drop {named(total)}…
        </button>
      </div>
      <div ref={place} className="bulk-outcome" role="status" tabIndex={-1}>
        {busy && <p>Working on {counted(total, 'record')}…</p>}
        {outcome && <OutcomeNote outcome={outcome} />}
      </div>
      {asked === 'replay' && (
        <ConfirmDialog
          title={`Replay ${counted(total, 'record')}?`}
          action={`Replay ${count(total)}`}
          onConfirm={confirm}
          onClose={() => setAsked(undefined)}
        >
          <p>
            {groupName(selection)} Each is judged again as it came. What can be taken now counts with the time at which
            it first came; the rest stays here.
          </p>
        </ConfirmDialog>
      )}
      {asked === 'drop' && (
        <ConfirmDialog
          danger
          title={`Drop ${counted(total, 'record')}?`}
          action={`Drop ${count(total)}`}
          onConfirm={confirm}
          onClose={() => setAsked(undefined)}
        >
          <p>{groupName(selection)} They will never count in a report. This cannot be taken back.</p>
        </ConfirmDialog>
      )}
    </>
  );
}

function useBulk(selection: Selection) {
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState<Outcome>();
  const place = useRef<HTMLDivElement>(null);
  const run = (what: 'replay' | 'drop') => {
    setBusy(true);
    setOutcome(undefined);
    const done =
      what === 'replay'
        ? replayGroup(selection).then((replayed): Outcome => ({ replayed }))
        : dropGroup(selection).then((dropped): Outcome => ({ dropped }));
    void done
      .catch((error: unknown): Outcome => ({ error: error instanceof Error ? error : new Error(String(error)) }))
      .then((next) => {
        setOutcome(next);
        setBusy(false);
        place.current?.focus();
        return client.invalidateQueries({ queryKey: ['quarantine'] });
      });
  };
  return { busy, outcome, run, place };
}

function named(total: number): string {
  return total === 1 ? 'this one' : `these ${count(total)}`;
}

function groupName({ code, source }: Selection): string {
  if (code === undefined && source === undefined) return 'These are all records that wait.';
  const why = code === undefined ? '' : ` with the reason “${titleOf(code)}”`;
  const who = source === undefined ? '' : ` from the source ${source}`;
  return `These are all that wait${why}${who}.`;
}

function OutcomeNote({ outcome }: { outcome: Outcome }) {
  if ('error' in outcome) return <Failure title="Nothing was changed" error={outcome.error} />;
  if ('dropped' in outcome) return <p>{counted(outcome.dropped, 'record')} dropped.</p>;
  const { replayed, refused, refused_total } = outcome.replayed;
  return (
    <>
      <p>
        {counted(replayed, 'record')} replayed
        {refused_total === 0 ? '.' : `; ${count(refused_total)} still cannot be taken and stay here.`}
      </p>
      {refused.length > 0 && (
        <details>
          <summary>What is wrong with them</summary>
          <ul>
            {refused.map(({ id, code, errors }) => (
              <li key={id}>
                <Link href={recordPath(id)}>{titleOf(code)}</Link>:{' '}
                {errors.map(({ path, message }) => `${path} ${message}`.trim()).join('; ')}
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}
