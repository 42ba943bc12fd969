import { useState } from 'react';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { jsonMistake } from './json-mistake.ts';

interface RecordActionsProps {
  /** Whether something is wrong with it as it came. */
  faulty: boolean;
  /** The corrected text, while there is one. */
  draft: string | undefined;
  busy: boolean;
  editable: boolean;
  onEdit: () => void;
  onCancel: () => void;
  onReplay: (corrected: string | undefined) => void;
  onDrop: () => void;
}

/** The ways to decide about a record: replay it as it came or corrected, or drop it. */
export function RecordActions(props: RecordActionsProps) {
  const { faulty, draft, busy, editable, onEdit, onCancel, onReplay, onDrop } = props;
  const [asked, setAsked] = useState(false);
  const ready = draft === undefined || jsonMistake(draft) === undefined;
  return (
    <div className="record-actions">
      {draft === undefined ? (
        <>
          {editable && (
            <button type="button" className={`button ${faulty ? 'primary' : ''}`} onClick={onEdit} disabled={busy}>
              Correct it
            </button>
          )}
          <button
            type="button"
            className={`button ${faulty ? '' : 'primary'}`}
            onClick={() => onReplay(undefined)}
            disabled={busy}
          >
            Replay as it came
          </button>
        </>
      ) : (
        <>
          <button type="button" className="button primary" onClick={() => onReplay(draft)} disabled={busy || !ready}>
            Replay as corrected
          </button>
          <button type="button" className="button" onClick={onCancel} disabled={busy}>
            Leave it as it came
          </button>
        </>
      )}
      <button type="button" className="button danger" onClick={() => setAsked(true)} disabled={busy}>
        Drop…
      </button>
      {asked && (
        <ConfirmDialog
          danger
          title="Drop this record?"
          action="Drop it"
          onConfirm={() => {
            setAsked(false);
            onDrop();
          }}
          onClose={() => setAsked(false)}
        >
          <p>
            It will never count in a report. This cannot be taken back; its exact bytes can still be looked at here.
          </p>
        </ConfirmDialog>
      )}
    </div>
  );
}
