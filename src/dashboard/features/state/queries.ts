import { keepPreviousData, type QueryClient, queryOptions } from '@tanstack/react-query';
import { limits } from '../../../contract/limits.ts';
import type {
  ProductMixRow,
  SalesByDayRow,
  SalesByStateRow,
  SalesSummaryRow,
  TopCombinationRow,
} from '../../../contract/report.ts';
import { fetchReport, type QueryParameters } from '../../app/api.ts';
import type { Choice } from './choice.ts';
import { comparisonOf, type Period, periodOf, type Span } from './periods.ts';

/** How many rows of the mix are fetched before a reader asks for all. */
export const mixRowsFirst = 50;

/** A state (or none for the whole country) and business dates. */
export interface Selection extends Period {
  readonly state?: string;
}

/** The part of a choice that decides which figures are fetched. */
export function selectionOf({ state, range }: Pick<Choice, 'state' | 'range'>, today: string): Selection {
  return { ...(state !== undefined && { state }), ...periodOf(range, today) };
}

function report<Row>(name: string, parameters: QueryParameters) {
  return queryOptions({
    queryKey: ['report', name, parameters] as const,
    queryFn: ({ signal }) => fetchReport<Row>(name, parameters, signal),
    placeholderData: keepPreviousData,
  });
}

/** The three best-selling combinations. */
export const winnersQuery = (selection: Selection) =>
  report<TopCombinationRow>('top-combinations', { ...selection, limit: 3 });

/** The mix: its first rows, or every combination. */
export const mixQuery = (selection: Selection, rows: 'first' | 'all') =>
  report<ProductMixRow>('product-mix', { ...selection, limit: rows === 'first' ? mixRowsFirst : limits.reportRowsMax });

/** The figures of a selection in one row. */
export const summaryQuery = (selection: Selection) => report<SalesSummaryRow>('sales-summary', { ...selection });

/** The figures by business date, of a selection and of the days it is compared with. */
export function daysQuery(selection: Selection, today: string) {
  const from = comparisonOf(selection, today)?.previous.from ?? selection.from;
  return report<SalesByDayRow>('sales-by-day', { ...selection, from });
}

/** The figures by state; the chosen state makes no difference. */
export const statesQuery = ({ from, to }: Selection) => report<SalesByStateRow>('sales-by-state', { from, to });

/** The summaries that tell how a selection changed. */
export function comparedSelections(
  selection: Selection,
  today: string,
): { current: Selection; previous: Selection } | undefined {
  const comparison = comparisonOf(selection, today);
  if (!comparison) return undefined;
  const within = (span: Span): Selection => ({
    ...(selection.state !== undefined && { state: selection.state }),
    ...span,
  });
  return { current: within(comparison.current), previous: within(comparison.previous) };
}

/** Fetches what choosing a state will show, ahead of the choice. */
export function prefetchState(
  client: QueryClient,
  choice: Pick<Choice, 'range'>,
  state: string | undefined,
  today: string,
): void {
  const selection = selectionOf({ state, range: choice.range }, today);
  const compared = comparedSelections(selection, today);
  void client.prefetchQuery(winnersQuery(selection));
  void client.prefetchQuery(summaryQuery(selection));
  void client.prefetchQuery(mixQuery(selection, 'first'));
  void client.prefetchQuery(daysQuery(selection, today));
  if (compared) {
    void client.prefetchQuery(summaryQuery(compared.current));
    void client.prefetchQuery(summaryQuery(compared.previous));
  }
}
