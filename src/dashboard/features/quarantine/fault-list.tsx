import type { Fault } from '../../../contract/errors.ts';

interface FaultListProps {
  faults: readonly Fault[];
  /** What was wrong when it came. */
  reason: string;
  waiting: boolean;
  /** Shows the place of a fault; undefined where there is nothing to show it in. */
  onShow: ((fault: Fault) => void) | undefined;
}

/** What is wrong, fault by fault, with the place of each. */
export function FaultList({ faults, reason, waiting, onShow }: FaultListProps) {
  if (!waiting) return <p className="panel-note">{reason}</p>;
  if (faults.length === 0) {
    return <p className="panel-note">Nothing any more: judged now, it would be taken as it is.</p>;
  }
  return (
    <ol className="faults">
      {faults.map((fault) => (
        <li key={`${fault.path} ${fault.message}`}>
          {onShow && fault.path !== '' ? (
            <button type="button" className="link code" onClick={() => onShow(fault)}>
              {fault.path}
            </button>
          ) : (
            <span className="code">{fault.path === '' ? 'the whole' : fault.path}</span>
          )}{' '}
          {fault.message}
        </li>
      ))}
    </ol>
  );
}
