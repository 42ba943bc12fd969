import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useMemo } from 'react';
import { Failure } from '../../components/failure.tsx';
import { count } from '../../components/format.ts';
import { SearchIcon } from '../../components/icons.tsx';
import { arrange } from './arrange.ts';
import { type Choice, inPlace } from './choice.ts';
import { Exports } from './exports.tsx';
import { MixTable } from './mix-table.tsx';
import { mixQuery, mixRowsFirst, type Selection } from './queries.ts';
import type { Choose } from './use-choice.ts';

interface MixProps {
  choice: Choice;
  choose: Choose;
  selection: Selection;
  /** How many combinations the selection holds; undefined until known. */
  combinations: number | undefined;
}

/**
 * Every combination sold. The first rows by pizzas are fetched at once; another order, a search, or "show all"
 * needs every row, since the first fifty by pizzas are not the first fifty by revenue.
 */
export function Mix({ choice, choose, selection, combinations }: MixProps) {
  const { sort, find, all } = choice;
  const wanted = all || find !== '' || sort.by !== 'pizzas' || !sort.descending ? 'all' : 'first';
  const mix = useQuery(mixQuery(selection, wanted));
  const fetched = useDeferredValue(mix.data?.rows);
  const arranged = useMemo(() => (fetched ? arrange(fetched, sort, find) : undefined), [fetched, sort, find]);
  const shown = all ? arranged : arranged?.slice(0, mixRowsFirst);
  const total = find === '' ? (combinations ?? arranged?.length) : arranged?.length;
  return (
    <section className="panel mix" aria-labelledby="mix-title">
      <div className="panel-head">
        <h2 id="mix-title">
          Product mix{' '}
          <small>{total === undefined ? '' : `${count(total)} combinations ${inPlace(choice.state)}`}</small>
        </h2>
        <label className="search">
          <SearchIcon />
          <span className="visually-hidden">Find a combination</span>
          <input
            type="search"
            placeholder="Find a pizza or topping"
            value={find}
            onChange={(event) => choose({ find: event.target.value }, 'replace')}
          />
        </label>
        <Exports report="product-mix" parameters={{ ...selection }} />
      </div>
      {mix.isError && !mix.data ? (
        <Failure error={mix.error} onRetry={mix.refetch} />
      ) : (
        <>
          <MixTable
            rows={shown}
            total={total ?? 0}
            sort={sort}
            busy={mix.isPending || mix.isPlaceholderData}
            onSort={(next) => choose({ sort: next })}
          />
          {shown?.length === 0 && <p className="nothing">No combination here is called “{find}”.</p>}
          {shown && total !== undefined && total > shown.length && (
            <button type="button" className="button show-all" onClick={() => choose({ all: true }, 'replace')}>
              Show all {count(total)} combinations
            </button>
          )}
        </>
      )}
    </section>
  );
}
