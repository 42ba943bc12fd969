import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { QuarantinedRecord } from '../../../contract/answers.ts';
import { Link } from '../../app/link.tsx';
import { PageHeading } from '../../app/page-heading.tsx';
import { Failure } from '../../components/failure.tsx';
import { bytes, counted, exactMoment, moment } from '../../components/format.ts';
import { BackIcon } from '../../components/icons.tsx';
import { recordQuery } from './calls.ts';
import { RecordText } from './record-text.tsx';
import { StatusMark } from './status-mark.tsx';
import { useFollowQuarantine } from './use-follow-quarantine.ts';
import { overHttp, titleOf } from './words.ts';
import './record-page.css';

/** What was sent is loaded within a second; until then the record is asked for this often. */
const soonMs = 700;

/** The page of one record in quarantine: what came, what is wrong with it, and what to do about it. */
export function RecordPage({ id }: { id: string }) {
  const [sent, setSent] = useState(false);
  useFollowQuarantine();
  const { data, error, refetch } = useQuery({
    ...recordQuery(id),
    refetchInterval: ({ state }) => (sent && state.data?.status === 'waiting' ? soonMs : false),
  });
  return (
    <main id="main" className="page record" tabIndex={-1} aria-busy={!data && !error}>
      <div className="page-title">
        <Link className="record-back" href="/quarantine">
          <BackIcon />
          Quarantine
        </Link>
        <div className="record-title">
          <PageHeading title={data ? titleOf(data.code) : 'A record in quarantine'} />
          {data && <StatusMark status={data.status} />}
        </div>
        {data && data.faults.length === 0 && <p>{data.reason}</p>}
      </div>
      {error && !data && <Failure title="The record could not be fetched" error={error} onRetry={refetch} />}
      {data && (
        <>
          <Facts record={data} />
          <RecordText key={id} record={data} onSent={() => setSent(true)} />
        </>
      )}
    </main>
  );
}

function Facts({ record }: { record: QuarantinedRecord }) {
  const { accepted_at, arrivals, source, origin, bytes: size, resolved_at, status } = record;
  return (
    <dl className="facts panel">
      <Fact name="First came">
        <Instant at={accepted_at} />
      </Fact>
      <Fact name="Came">{arrivals === 1 ? 'once' : counted(arrivals, 'time')}</Fact>
      <Fact name="Source">{source}</Fact>
      <Fact name="From">{origin ?? overHttp}</Fact>
      <Fact name="Size">{bytes(size)}</Fact>
      {resolved_at !== null && (
        <Fact name={status === 'dropped' ? 'Dropped' : 'Replayed'}>
          <Instant at={resolved_at} />
        </Fact>
      )}
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Instant({ at }: { at: string }) {
  return (
    <time dateTime={at} title={exactMoment(at)}>
      {moment(at)}
    </time>
  );
}
