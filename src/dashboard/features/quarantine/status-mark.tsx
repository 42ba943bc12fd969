import type { QuarantineStatus } from '../../../contract/answers.ts';
import './status-mark.css';

const words: Readonly<Record<QuarantineStatus, string>> = {
  waiting: 'Waiting',
  replayed: 'Replayed',
  dropped: 'Dropped',
};

/** What became of a record: a mark and its word. */
export function StatusMark({ status }: { status: QuarantineStatus }) {
  return (
    <span className="status-mark" data-status={status}>
      {words[status]}
    </span>
  );
}
