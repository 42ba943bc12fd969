import { useQuery } from '@tanstack/react-query';
import type { SalesByDayRow, SalesSummaryRow } from '../../../contract/report.ts';
import { Failure } from '../../components/failure.tsx';
import { change, percent } from '../../components/format.ts';
import { Sparkline } from '../../components/sparkline.tsx';
import { type Measure, type MeasureName, measures } from './measures.ts';
import {
  addDays,
  type Comparison,
  comparisonOf,
  covers,
  lengthInDays,
  type Span,
  writeDay,
  writeShort,
} from './periods.ts';
import { comparedSelections, daysQuery, type Selection, summaryQuery } from './queries.ts';

interface KeyFiguresProps {
  selection: Selection;
  today: string;
}

/** The five figures that matter first, each with its change and its days. */
export function KeyFigures({ selection, today }: KeyFiguresProps) {
  const summary = useQuery(summaryQuery(selection));
  const comparison = comparisonOf(selection, today);
  const compared = comparedSelections(selection, today);
  const current = useQuery({ ...summaryQuery(compared?.current ?? selection), enabled: compared !== undefined });
  const previous = useQuery({ ...summaryQuery(compared?.previous ?? selection), enabled: compared !== undefined });
  const days = useQuery(daysQuery(selection, today));
  const figures = summary.data?.rows[0];
  if (summary.isError && !figures) return <Failure error={summary.error} onRetry={summary.refetch} />;
  const settled = compared && !current.isPlaceholderData && !previous.isPlaceholderData;
  const [now, before] = settled ? [current.data?.rows[0], previous.data?.rows[0]] : [];
  const span = spanOf(selection, figures);
  return (
    <dl className="key-figures" aria-busy={summary.isPending || summary.isPlaceholderData}>
      {measures.map((measure) => (
        <div key={measure.name} className="key-figure">
          <dt title={measure.note}>{measure.title}</dt>
          <dd className="value" data-figure={measure.name} title={written(measure, figures)}>
            {figures ? <Headline measure={measure} figures={figures} /> : <span className="skeleton">$0.00M</span>}
          </dd>
          <dd className="delta">
            <Delta measure={measure} comparison={comparison} now={now} before={before} />
          </dd>
          <dd className="trend">
            <Trend
              measure={measure}
              days={days.data?.rows}
              span={span}
              previous={comparison?.running ? undefined : comparison?.previous}
              today={today}
            />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function spanOf({ from, to }: Selection, figures: SalesSummaryRow | undefined): Span | undefined {
  const [first, last] = [from ?? figures?.first_date, to ?? figures?.last_date];
  return first && last && first <= last ? { from: first, to: last } : undefined;
}

function written(measure: Measure, figures: SalesSummaryRow | undefined): string | undefined {
  const value = figures && measure.value(figures);
  return value === null || value === undefined ? undefined : measure.exact(value);
}

function Headline({ measure, figures }: { measure: Measure; figures: SalesSummaryRow }) {
  const value = measure.value(figures);
  return value === null ? '–' : measure.headline(value);
}

interface DeltaProps {
  measure: Measure;
  comparison: Comparison | undefined;
  now: SalesSummaryRow | undefined;
  before: SalesSummaryRow | undefined;
}

function Delta({ measure, comparison, now, before }: DeltaProps) {
  if (!comparison || !now || !before || !covers(before.first_date, comparison.previous)) return <>&nbsp;</>;
  const [value, base] = [measure.value(now), measure.value(before)];
  if (value === null || base === null || base === 0) return <>&nbsp;</>;
  const against = writeShort(comparison.previous);
  const exact = `${measure.exact(value)} against ${measure.exact(base)}`;
  if (comparison.running && measure.name !== 'revenue-per-pizza') {
    return (
      <span title={exact}>
        <b>{percent(value / base)}</b> of all {writeDay(comparison.previous.from)}
      </span>
    );
  }
  const ratio = value / base - 1;
  const direction = Math.abs(ratio) < 0.0005 ? 'flat' : ratio > 0 ? 'up' : 'down';
  return (
    <span title={`${exact}, ${writeShort(comparison.current)} against ${against}`}>
      <b className={direction}>
        <span aria-hidden="true">{{ up: '↑', down: '↓', flat: '→' }[direction]}</span> {change(ratio)}
      </b>{' '}
      <span className="against">vs {against}</span>
    </span>
  );
}

const daily: Readonly<Partial<Record<MeasureName, (row: SalesByDayRow) => number | null>>> = {
  revenue: (row) => row.revenue_cents,
  pizzas: (row) => row.pizzas,
  'revenue-per-pizza': (row) => (row.pizzas === 0 ? null : row.pizza_revenue_cents / row.pizzas),
  orders: (row) => row.orders,
};
const daysDrawn = { least: 3, most: 400 };

interface TrendProps {
  measure: Measure;
  days: readonly SalesByDayRow[] | undefined;
  span: Span | undefined;
  previous: Span | undefined;
  today: string;
}

function Trend({ measure, days, span, previous, today }: TrendProps) {
  const read = daily[measure.name];
  if (!read) return <span className="trend-note">Each person counts once</span>;
  if (!days || !span) return null;
  const length = lengthInDays(span);
  if (length < daysDrawn.least || length > daysDrawn.most) return null;
  const byDate = new Map(days.map((row) => [row.business_date, row]));
  const first = days[0]?.business_date ?? today;
  const series = (of: Span) =>
    Array.from({ length }, (_, day) => {
      const date = addDays(of.from, day);
      const row = byDate.get(date);
      if (row) return read(row);
      return measure.name === 'revenue-per-pizza' || date < first || date > today ? null : 0;
    });
  return (
    <Sparkline
      values={series(span)}
      before={previous ? series(previous).slice(0, lengthInDays(previous)) : []}
      running={span.to === today}
      label={`${measure.title} by day, ${writeShort(span)}${previous ? ', with the days compared as a grey line' : ''}`}
    />
  );
}
