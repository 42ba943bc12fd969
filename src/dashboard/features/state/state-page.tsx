import { type UseQueryResult, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import type { ReportAnswer, SalesByStateRow, SalesSummaryRow } from '../../../contract/report.ts';
import { useNow } from '../../app/use-now.ts';
import { Failure } from '../../components/failure.tsx';
import { type Choice, inPlace } from './choice.ts';
import { EmptyState } from './empty-state.tsx';
import { Filters } from './filters.tsx';
import { KeyFigures } from './key-figures.tsx';
import { Mix } from './mix.tsx';
import { localDate } from './periods.ts';
import { Places } from './places.tsx';
import { prefetchState, type Selection, selectionOf, statesQuery, summaryQuery } from './queries.ts';
import { ReferenceNote } from './reference-note.tsx';
import { type Choose, useChoice } from './use-choice.ts';
import { Winners } from './winners.tsx';
import './state-page.css';
import './key-figures.css';
import './winners.css';
import './places.css';
import './mix.css';

/** The page of a state: what it sells best, how much, and how it stands among the others. */
export function StatePage() {
  const [choice, choose] = useChoice();
  const client = useQueryClient();
  const today = localDate(new Date(useNow(30_000)));
  const { state, range } = choice;
  const selection = useMemo(() => selectionOf({ state, range }, today), [state, range, today]);
  const summary = useQuery(summaryQuery(selection));
  const states = useQuery(statesQuery(selection));
  const lookAt = useCallback(
    (next: string | undefined) => prefetchState(client, { range }, next, today),
    [client, range, today],
  );
  const figures = summary.data?.rows[0];
  const refused = summary.isError && !figures ? summary.error : undefined;
  return (
    <main id="main" className="page" tabIndex={-1}>
      <Filters
        choice={choice}
        choose={choose}
        today={today}
        period={selection}
        summary={figures}
        states={states.data?.rows}
        onLookAt={lookAt}
      />
      {refused ? (
        <Failure error={refused} onRetry={() => client.refetchQueries({ queryKey: ['report'], type: 'active' })} />
      ) : (
        <Report
          choice={choice}
          choose={choose}
          selection={selection}
          today={today}
          summary={summary}
          states={states}
          onLookAt={lookAt}
        />
      )}
    </main>
  );
}

interface ReportProps {
  choice: Choice;
  choose: Choose;
  selection: Selection;
  today: string;
  summary: UseQueryResult<ReportAnswer<SalesSummaryRow>>;
  states: UseQueryResult<ReportAnswer<SalesByStateRow>>;
  onLookAt: (state: string | undefined) => void;
}

/** Everything below the filters. */
function Report({ choice, choose, selection, today, summary, states, onLookAt }: ReportProps) {
  const selectState = useCallback((next: string | undefined) => choose({ state: next }), [choose]);
  const figures = summary.data?.rows[0];
  const empty = !summary.isPlaceholderData && figures?.pizzas === 0;
  return (
    <>
      <KeyFigures selection={selection} today={today} />
      <ReferenceNote reads={summary.data?.freshness.reference} />
      <section aria-labelledby="winners-title">
        <h2 id="winners-title">
          Best-selling combinations <small>{winnersNote(choice, figures?.combinations)}</small>
        </h2>
        {empty ? (
          <EmptyState choice={choice} choose={choose} period={selection} />
        ) : (
          <Winners selection={selection} pizzas={summary.isPlaceholderData ? undefined : figures?.pizzas} />
        )}
      </section>
      <Places
        choice={choice}
        choose={choose}
        states={states}
        period={selection}
        onSelect={selectState}
        onLookAt={onLookAt}
      />
      {!empty && <Mix choice={choice} choose={choose} selection={selection} combinations={figures?.combinations} />}
    </>
  );
}

function winnersNote({ state }: Choice, combinations: number | undefined): string {
  if (!combinations) return 'by pizzas sold';
  const named = combinations === 1 ? 'combination' : 'combinations';
  return `by pizzas sold, of ${combinations.toLocaleString('en-US')} ${named} ${inPlace(state)}`;
}
