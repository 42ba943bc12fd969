import type { Selection } from './selection.ts';

/** Says that no record is in a selection, and offers what may have some. */
export function NothingHere({ selection, onChange }: { selection: Selection; onChange: (changes: Selection) => void }) {
  const { status, code, source } = selection;
  const filtered = code !== undefined || source !== undefined;
  const everything = { status: 'all', code: undefined, source: undefined } as const;
  return (
    <div className="empty">
      <div>
        <strong>
          {filtered
            ? 'No record has this reason, source and status.'
            : status === 'waiting'
              ? 'Nothing waits here.'
              : 'There is no such record.'}
        </strong>
        <p>
          {filtered || status !== 'waiting'
            ? 'Look at every record there is, whatever became of it.'
            : 'Every record that came could be taken, or somebody has decided about it.'}
        </p>
        {(filtered || status !== 'all') && (
          <div className="empty-actions">
            <button type="button" className="button" onClick={() => onChange(everything)}>
              Show all records
            </button>
          </div>
        )}
      </div>
    </div>
  );
}
