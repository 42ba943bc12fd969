import { useRef, useState } from 'react';
import type { QuarantinedRecord } from '../../../contract/answers.ts';
import type { Fault } from '../../../contract/errors.ts';
import { ApiError } from '../../app/api.ts';
import { saveAs } from '../../components/download.tsx';
import { Failure } from '../../components/failure.tsx';
import { counted } from '../../components/format.ts';
import { DownloadIcon } from '../../components/icons.tsx';
import { Editor, type EditorHandle } from './editor.tsx';
import { ExactText } from './exact-text.tsx';
import { FaultList } from './fault-list.tsx';
import { RecordActions } from './record-actions.tsx';
import { type Sending, useSending } from './use-sending.ts';

/** A browser edits longer texts too slowly to be of use. */
const editedMax = 200_000;

/** What came, with its faults marked; while it waits, an editor and the ways to decide about it. */
export function RecordText({ record, onSent }: { record: QuarantinedRecord; onSent: () => void }) {
  const sending = useSending(record.id, onSent);
  const [draft, setDraft] = useState<string>();
  const editor = useRef<EditorHandle>(null);
  const waiting = record.status === 'waiting';
  const editing = waiting && draft !== undefined && sending.state !== 'sent';
  const faults = faultsShown(record, sending);
  const text = record.text ?? '';
  return (
    <div className="record-body">
      <section className="panel" aria-labelledby="text-title">
        <div className="panel-head">
          <h2 id="text-title">{editing ? 'Corrected order' : 'What came'}</h2>
          <SaveBytes record={record} />
        </div>
        {editing ? (
          <Editor ref={editor} text={draft} faults={faults} onChange={setDraft} />
        ) : (
          <ExactText text={record.text} faults={waiting ? faults : []} />
        )}
      </section>
      <section className="panel" aria-labelledby="faults-title">
        <div className="panel-head">
          <h2 id="faults-title">{waiting ? 'What is wrong' : 'What was wrong'}</h2>
        </div>
        <FaultList
          faults={waiting ? faults : []}
          reason={record.reason}
          waiting={waiting}
          onShow={editing ? (fault) => editor.current?.show(fault) : undefined}
        />
        <SendingNote sending={sending} status={record.status} />
        {waiting && sending.state !== 'sent' && (
          <RecordActions
            faulty={record.faults.length > 0}
            draft={editing ? draft : undefined}
            busy={sending.state === 'busy'}
            editable={record.text !== null && text.length <= editedMax}
            onEdit={() => setDraft(text)}
            onCancel={() => {
              setDraft(undefined);
              sending.forget();
            }}
            onReplay={sending.replay}
            onDrop={sending.drop}
          />
        )}
      </section>
    </div>
  );
}

/** What the server said of the text that was sent last counts more than what is wrong with the one that came. */
function faultsShown(record: QuarantinedRecord, sending: Sending): readonly Fault[] {
  return refusedFor(sending) ?? record.faults;
}

function refusedFor(sending: Sending): readonly Fault[] | undefined {
  return sending.state === 'failed' && sending.error instanceof ApiError ? sending.error.problem?.errors : undefined;
}

function SendingNote({ sending, status }: { sending: Sending; status: QuarantinedRecord['status'] }) {
  const loaded = status !== 'waiting';
  const stillWrong = refusedFor(sending)?.length ?? 0;
  const done = {
    replay: loaded
      ? 'It counts now, with the time at which it first came.'
      : 'It is on disk, and on its way into the reports.',
    drop: loaded ? 'It is dropped. It counts in no report.' : 'It is dropped as soon as that is loaded.',
  };
  return (
    <>
      <div className="sending-note" role="status">
        {sending.state === 'busy' && <p>Sending…</p>}
        {sending.state === 'sent' && <p>{done[sending.what]}</p>}
      </div>
      {sending.state === 'failed' && (
        <div className="sending-failure">
          {stillWrong > 0 ? (
            <p className="mistake" role="alert">
              Nothing was changed: {counted(stillWrong, 'thing is', 'things are')} still wrong.
            </p>
          ) : (
            <Failure title="Nothing was changed" error={sending.error} />
          )}
        </div>
      )}
    </>
  );
}

function SaveBytes({ record }: { record: QuarantinedRecord }) {
  const save = () => {
    const bytes = Uint8Array.from(atob(record.bytes_base64), (char) => char.charCodeAt(0));
    saveAs(new Blob([bytes]), `quarantine-${record.id}.${record.text === null ? 'bin' : 'json'}`);
  };
  return (
    <button type="button" className="button" onClick={save}>
      <DownloadIcon />
      Exact bytes
    </button>
  );
}
