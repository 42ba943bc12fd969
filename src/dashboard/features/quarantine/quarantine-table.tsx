import type { Quarantined } from '../../../contract/answers.ts';
import { Link } from '../../app/link.tsx';
import { recordPath } from '../../app/routes.ts';
import { bytes, count, counted, exactMoment, moment } from '../../components/format.ts';
import { TableScroll } from '../../components/table-scroll.tsx';
import { StatusMark } from './status-mark.tsx';
import { overHttp, titleOf } from './words.ts';

interface QuarantineTableProps {
  /** Undefined until the first answer. */
  records: readonly Quarantined[] | undefined;
  /** Whether records of more than one status are shown. */
  mixed: boolean;
}

/** The records, newest first: why each is here, when and how often it came, and from where. */
export function QuarantineTable({ records, mixed }: QuarantineTableProps) {
  return (
    <TableScroll label="Records in quarantine">
      <table className="quarantine-table">
        <thead>
          <tr>
            <th scope="col">What is wrong</th>
            <th scope="col" className="came-column">
              First came
            </th>
            <th scope="col" className="wide-column">
              Times
            </th>
            <th scope="col" className="wide-column">
              Source
            </th>
            <th scope="col" className="wide-column">
              From
            </th>
            <th scope="col" className="wide-column">
              Size
            </th>
            {mixed && <th scope="col">Status</th>}
          </tr>
        </thead>
        <tbody>
          {records ? (
            records.map((record) => <RecordRow key={record.id} record={record} mixed={mixed} />)
          ) : (
            <SkeletonRows />
          )}
        </tbody>
      </table>
    </TableScroll>
  );
}

function RecordRow({ record, mixed }: { record: Quarantined; mixed: boolean }) {
  const { id, code, reason, text, accepted_at, arrivals, source, origin, bytes: size, status } = record;
  return (
    <tr>
      <th scope="row">
        <Link className="link" href={recordPath(id)}>
          {titleOf(code)}
        </Link>
        <span className="quarantine-reason" title={reason}>
          {reason}
        </span>
        <span className="quarantine-came">
          {moment(accepted_at)} · {source}
          {arrivals > 1 && ` · came ${counted(arrivals, 'time')}`}
        </span>
        <span className="quarantine-text code">{text?.slice(0, 200) ?? 'Bytes that are not text'}</span>
      </th>
      <td className="came-column">
        <time dateTime={accepted_at} title={exactMoment(accepted_at)}>
          {moment(accepted_at)}
        </time>
      </td>
      <td className="wide-column">{count(arrivals)}</td>
      <td className="wide-column">{source}</td>
      <td className="wide-column from-column" title={origin ?? overHttp}>
        {origin ?? overHttp}
      </td>
      <td className="wide-column">{bytes(size)}</td>
      {mixed && (
        <td>
          <StatusMark status={status} />
        </td>
      )}
    </tr>
  );
}

const skeletonRows = ['a', 'b', 'c', 'd', 'e', 'f'] as const;

function SkeletonRows() {
  return skeletonRows.map((row) => (
    <tr key={row}>
      <th scope="row">
        <span className="skeleton">Not a valid order</span>
      </th>
      <td className="came-column">
        <span className="skeleton">Nov 22, 7:01 PM</span>
      </td>
      <td colSpan={5} />
    </tr>
  ));
}
