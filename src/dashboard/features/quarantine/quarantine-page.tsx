import { useInfiniteQuery } from '@tanstack/react-query';
import { navigate, useSearch } from '../../app/navigation.ts';
import { PageHeading } from '../../app/page-heading.tsx';
import { Failure } from '../../components/failure.tsx';
import { counted } from '../../components/format.ts';
import { BulkActions } from './bulk-actions.tsx';
import { listQuery } from './calls.ts';
import { NothingHere } from './nothing-here.tsx';
import { QuarantineFilters } from './quarantine-filters.tsx';
import { QuarantineTable } from './quarantine-table.tsx';
import { readSelection, type Selection, writeSelection } from './selection.ts';
import { useFollowQuarantine } from './use-follow-quarantine.ts';
import './quarantine-page.css';

/** The page of the quarantine: what could not be taken, why, and what to do about it. */
export function QuarantinePage() {
  const selection = readSelection(useSearch());
  const choose = (changes: Partial<Selection>) =>
    navigate(`/quarantine${writeSelection({ ...selection, ...changes })}`);
  useFollowQuarantine();
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(
    listQuery(selection),
  );
  const records = data?.pages.flatMap(({ quarantine }) => quarantine);
  const [first] = data?.pages ?? [];
  return (
    <main id="main" className="page" tabIndex={-1}>
      <div className="page-title">
        <PageHeading title="Quarantine" />
        <p>
          Records that could not be taken. They count in no report, and are kept with their exact bytes until somebody
          corrects and replays them, or drops them. A replayed order keeps the time at which it first came.
        </p>
      </div>
      {error && !data ? (
        <Failure title="The quarantine could not be fetched" error={error} onRetry={refetch} />
      ) : (
        <>
          <QuarantineFilters selection={selection} counts={first?.counts ?? []} onChange={choose} />
          <section className="panel" aria-labelledby="records-title" aria-busy={!data}>
            <div className="panel-head">
              <h2 id="records-title">{first ? counted(first.total, 'record') : 'Records'}</h2>
              {selection.status === 'waiting' && first && (
                <BulkActions key={writeSelection(selection)} selection={selection} total={first.total} />
              )}
            </div>
            {records?.length === 0 ? (
              <NothingHere selection={selection} onChange={choose} />
            ) : (
              <QuarantineTable records={records} mixed={selection.status === 'all'} />
            )}
            {hasNextPage && (
              <button
                type="button"
                className="button show-all"
                aria-disabled={isFetchingNextPage}
                onClick={() => void fetchNextPage()}
              >
                {isFetchingNextPage ? 'Fetching more…' : 'Show more'}
              </button>
            )}
          </section>
        </>
      )}
    </main>
  );
}
