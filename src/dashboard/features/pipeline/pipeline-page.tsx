import { useQuery } from '@tanstack/react-query';
import { PageHeading } from '../../app/page-heading.tsx';
import { pipelineQuery } from '../../app/pipeline-query.ts';
import { Failure } from '../../components/failure.tsx';
import { Books } from './books.tsx';
import { DataChecks } from './data-checks.tsx';
import { Freshness } from './freshness.tsx';
import { Refreshes } from './refreshes.tsx';
import { Stages } from './stages.tsx';
import { Upkeep } from './upkeep.tsx';
import './pipeline-page.css';
import './books.css';
import './refresh.css';

/** The page of the pipeline: an order's way, how long it takes, and the books that show that none is lost. */
export function PipelinePage() {
  const { data, dataUpdatedAt, error, refetch } = useQuery(pipelineQuery);
  return (
    <main id="main" className="page" tabIndex={-1} aria-busy={!data && !error}>
      <div className="page-title">
        <PageHeading title="Pipeline" />
        <p>How an order gets from the till into the reports, how long that takes, and the proof that none is lost.</p>
      </div>
      {error && !data ? (
        <Failure error={error} onRetry={refetch} />
      ) : (
        <>
          <Stages answer={data} readAt={dataUpdatedAt} />
          <Freshness figures={data?.freshness} />
          <Books answer={data} />
          <Refreshes
            refreshes={data?.refreshes}
            next={data?.next_refresh}
            hasOrders={!data || data.visible_through !== null}
          />
          {data && data.checks.length > 0 && <DataChecks checks={data.checks} />}
          <Upkeep answer={data} />
        </>
      )}
    </main>
  );
}
