import type { DataCheckState } from '../../../contract/refresh.ts';
import { exactMoment, moment } from '../../components/format.ts';
import { Outcome } from './outcome.tsx';
import { byUrgency, checksInWords, observedOf } from './refresh-words.ts';

/** The data checks with what they came to last, those that need attention first. */
export function DataChecks({ checks }: { checks: readonly DataCheckState[] }) {
  return (
    <section className="panel data-checks" aria-labelledby="checks-title">
      <div className="panel-head">
        <h2 id="checks-title">
          Data checks <small>the data held against what is normal, by every refresh</small>
        </h2>
      </div>
      <p className="panel-note">{checksInWords(checks)}</p>
      <table className="work-table checks-table" aria-labelledby="checks-title">
        <thead>
          <tr>
            <th scope="col">Check</th>
            <th scope="col">Value</th>
            <th scope="col">Allowed</th>
            <th scope="col">Outcome</th>
            <th scope="col">Since</th>
          </tr>
        </thead>
        <tbody>
          {byUrgency(checks).map((check) => (
            <CheckRow key={check.name} check={check} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function CheckRow({ check }: { check: DataCheckState }) {
  const { title, expected, status, since } = check;
  return (
    <tr data-check={check.name}>
      <th scope="row">
        {title}
        <Words of={check} />
      </th>
      <td data-label="Value">{observedOf(check)}</td>
      <td data-label="Allowed">{expected}</td>
      <td>
        <Outcome of={status} />
      </td>
      <td data-label="Since">
        {since !== null && (
          <time dateTime={since} title={exactMoment(since)}>
            {moment(since)}
          </time>
        )}
      </td>
    </tr>
  );
}

/** What a check looks at. What it found off says that too, unless it saw nothing. */
function Words({ of: { looks_at, message, observed, status } }: { of: DataCheckState }) {
  const isOff = status === 'failed' || status === 'warned';
  return (
    <>
      {(observed === null || !isOff) && <p>{looks_at}</p>}
      {(observed === null || isOff) && message !== null && (
        <p className={isOff ? 'check-message' : undefined}>{message}</p>
      )}
    </>
  );
}
