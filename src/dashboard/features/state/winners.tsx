import { useQuery } from '@tanstack/react-query';
import type { TopCombinationRow } from '../../../contract/report.ts';
import { Failure } from '../../components/failure.tsx';
import { count, headlineCount, money, percent, shortCount, shortMoney } from '../../components/format.ts';
import { Pizza } from '../../components/pizza/pizza.tsx';
import { mixQuery, type Selection, winnersQuery } from './queries.ts';
import { titleOf } from './title-of.ts';

interface WinnersProps {
  selection: Selection;
  /** All pizzas of the selection; undefined until known. */
  pizzas: number | undefined;
}

/** The three best-selling combinations. */
export function Winners({ selection, pizzas }: WinnersProps) {
  const winners = useQuery(winnersQuery(selection));
  const mix = useQuery(mixQuery(selection, 'first'));
  const rows = winners.data?.rows;
  if (winners.isError && !rows) return <Failure error={winners.error} onRetry={winners.refetch} />;
  if (!rows || mix.isPending) {
    return (
      <div className="winners" aria-busy="true">
        {[1, 2, 3].map((rank) => (
          <WinnerSkeleton key={rank} />
        ))}
      </div>
    );
  }
  const names = new Map(mix.data?.rows.map((row) => [row.combination, row.menu_item]));
  return (
    <div
      className="winners"
      aria-busy={winners.isPlaceholderData}
      data-showing={winners.isPlaceholderData ? undefined : (selection.state ?? 'US')}
    >
      {rows.map((row) => (
        <Winner key={row.rank} row={row} name={titleOf(row, names.get(row.combination))} pizzas={pizzas} />
      ))}
    </div>
  );
}

interface WinnerProps {
  row: TopCombinationRow;
  name: string;
  pizzas: number | undefined;
}

function Winner({ row, name, pizzas }: WinnerProps) {
  const share = pizzas ? row.pizzas / pizzas : undefined;
  return (
    <article className="winner" aria-label={`Number ${row.rank}: ${name}`}>
      <Pizza of={row} detail="large" label={row.label} />
      <div className="winner-name">
        <span className="rank">No. {row.rank}</span>
        <h3>{name}</h3>
        <p>{row.label}</p>
      </div>
      <div className="winner-share">
        <span className="meter" aria-hidden="true">
          <span style={{ inlineSize: `${(share ?? 0) * 100}%` }} />
        </span>
        <span data-figure="share">{share === undefined ? '–' : percent(share)}</span> of all pizzas
      </div>
      <dl>
        <Figure name="pizzas" title="Pizzas" shown={headlineCount(row.pizzas)} exact={count(row.pizzas)} />
        <Figure name="revenue" title="Revenue" shown={shortMoney(row.revenue_cents)} exact={money(row.revenue_cents)} />
        <Figure
          name="revenue-per-pizza"
          title="Per pizza"
          shown={money(row.revenue_per_pizza_cents)}
          exact={money(row.revenue_per_pizza_cents)}
        />
        <Figure
          name="customers"
          title="Customers"
          shown={shortCount(row.unique_customers)}
          exact={`${count(row.unique_customers)} unique customers`}
        />
      </dl>
    </article>
  );
}

function Figure({ name, title, shown, exact }: { name: string; title: string; shown: string; exact: string }) {
  return (
    <div>
      <dt>{title}</dt>
      <dd data-figure={name} title={exact}>
        {shown}
      </dd>
    </div>
  );
}

function WinnerSkeleton() {
  return (
    <div className="winner" aria-hidden="true">
      <span className="skeleton skeleton-pizza" />
      <div className="winner-name">
        <span className="skeleton rank">No. 1</span>
        <span className="skeleton skeleton-title">Name of it</span>
        <span className="skeleton">What lies on the pizza</span>
      </div>
      <div className="winner-share">
        <span className="skeleton">00.0% of all pizzas sold here</span>
      </div>
      <dl>
        {['Pizzas', 'Revenue', 'Per pizza', 'Customers'].map((title) => (
          <div key={title}>
            <dt>{title}</dt>
            <dd>
              <span className="skeleton">00,000</span>
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
