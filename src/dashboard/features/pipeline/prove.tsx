import { useEffect, useRef, useState } from 'react';
import type { Verification, VerificationProgress } from '../../../contract/verification.ts';
import { Failure } from '../../components/failure.tsx';
import { bytes, count, counted, duration } from '../../components/format.ts';
import { CheckIcon, WarningIcon } from '../../components/icons.tsx';
import { TableScroll } from '../../components/table-scroll.tsx';
import { verify } from './verify.ts';

type Proof =
  | { readonly state: 'none' }
  | { readonly state: 'running'; readonly progress: VerificationProgress | undefined }
  | { readonly state: 'done'; readonly result: Verification }
  | { readonly state: 'failed'; readonly error: Error };

/** Lets an administrator have the books proved from the files themselves, and shows what came of it. */
export function Prove() {
  const { proof, start } = useProof();
  return (
    <div className="prove">
      <div className="prove-ask">
        <button type="button" className="button" onClick={start} aria-disabled={proof.state === 'running'}>
          {proof.state === 'done' ? 'Prove it again' : 'Prove it'}
        </button>
        <p>Reads every file that is kept, checks each checksum and counts again. Needs the role admin.</p>
      </div>
      <div role="status">
        {proof.state === 'running' && <Progress progress={proof.progress} />}
        {proof.state === 'done' && <Result result={proof.result} />}
      </div>
      {proof.state === 'failed' && (
        <Failure title="The books could not be proved" error={proof.error} onRetry={start} />
      )}
      {proof.state === 'done' && proof.result.problems.length > 0 && <Discrepancies of={proof.result.problems} />}
    </div>
  );
}

function useProof(): { proof: Proof; start: () => void } {
  const [proof, setProof] = useState<Proof>({ state: 'none' });
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);
  const start = () => {
    if (proof.state === 'running') return;
    const abort = new AbortController();
    running.current = abort;
    setProof({ state: 'running', progress: undefined });
    verify((progress) => setProof({ state: 'running', progress }), abort.signal).then(
      (result) => setProof({ state: 'done', result }),
      (error: unknown) => {
        if (!abort.signal.aborted)
          setProof({ state: 'failed', error: error instanceof Error ? error : new Error(String(error)) });
      },
    );
  };
  return { proof, start };
}

const steps: Readonly<Record<VerificationProgress['step'], string>> = {
  tables: 'Adding up the tables',
  segment_files: 'Reading the segment files',
  archive: 'Reading the archive',
  comparison: 'Comparing files and tables',
};

function Progress({ progress }: { progress: VerificationProgress | undefined }) {
  const part = progress && progress.total > 0 ? progress.done / progress.total : 0;
  return (
    <div className="prove-progress">
      <span className="meter" aria-hidden="true">
        <span style={{ inlineSize: `${part * 100}%` }} />
      </span>
      <span>
        {progress ? steps[progress.step] : 'Starting'}
        <span aria-hidden="true">{progress && ` · ${soFar(progress)}`}</span>
      </span>
    </div>
  );
}

function soFar({ done, total }: VerificationProgress): string {
  return total === 0 ? count(done) : `${count(done)} of ${count(total)}`;
}

function Result({ result: { ok, problem_counts, checked, notes } }: { result: Verification }) {
  const problems = Object.values(problem_counts).reduce((sum, many) => sum + many, 0);
  return (
    <div className={`prove-result ${ok ? 'good' : 'bad'}`}>
      {ok ? <CheckIcon /> : <WarningIcon />}
      <div>
        <strong>
          {ok ? 'Proved: the books balance.' : `${counted(problems, 'discrepancy', 'discrepancies')} found.`}
        </strong>{' '}
        <span>{looked(checked)}</span>
        {notes.map((note) => (
          <p key={note}>{note}</p>
        ))}
      </div>
    </div>
  );
}

function looked({ records, segments, archive_batches, bytes: size, seconds }: Verification['checked']): string {
  const places = [
    counted(segments, 'segment file'),
    ...(archive_batches > 0 ? [counted(archive_batches, 'batch of the archive', 'batches of the archive')] : []),
  ];
  return `${counted(records, 'record')} in ${places.join(' and ')}, ${bytes(size)}, every byte read in ${duration(seconds * 1000)}.`;
}

const shownMax = 100;

function Discrepancies({ of }: { of: Verification['problems'] }) {
  return (
    <TableScroll label="Discrepancies">
      <table className="discrepancies">
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">Where</th>
            <th scope="col">Explanation</th>
          </tr>
        </thead>
        <tbody>
          {of.slice(0, shownMax).map(({ code, where, message }) => (
            <tr key={`${code} ${where} ${message}`}>
              <th scope="row">{sentence(code)}</th>
              <td className="code">{where}</td>
              <td>{message}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {of.length > shownMax && (
        <p className="nothing">{count(of.length - shownMax)} more; “slicehouse verify” lists all.</p>
      )}
    </TableScroll>
  );
}

/** `file_damaged` is "File damaged". */
function sentence(name: string): string {
  const words = name.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
