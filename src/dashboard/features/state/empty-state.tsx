import type { Choice } from './choice.ts';
import { inPlace } from './choice.ts';
import { inWords, type Period } from './periods.ts';
import type { Choose } from './use-choice.ts';

interface EmptyStateProps {
  choice: Choice;
  choose: Choose;
  period: Period;
}

/** Says that nothing was sold, and what to look at instead. */
export function EmptyState({ choice, choose, period }: EmptyStateProps) {
  const everything = choice.state === undefined && choice.range === 'all';
  return (
    <div className="empty">
      <EmptyPlate />
      <div>
        <strong>
          {everything ? 'No pizzas were sold yet.' : `No pizzas were sold ${inPlace(choice.state)} ${inWords(period)}.`}
        </strong>
        {everything ? (
          <>
            <p>The first order shows up here within a second. Post one to see it:</p>
            <pre>{firstOrder()}</pre>
          </>
        ) : (
          <p>
            Look at other dates, or at the whole country.{' '}
            <span className="empty-actions">
              {choice.range !== 'all' && (
                <button type="button" className="button" onClick={() => choose({ range: 'all' })}>
                  All time
                </button>
              )}
              {choice.state !== undefined && (
                <button type="button" className="button" onClick={() => choose({ state: undefined })}>
                  United States
                </button>
              )}
            </span>
          </p>
        )}
      </div>
    </div>
  );
}

function firstOrder(): string {
  const order = {
    order_id: 'first',
    ordered_at: new Date().toISOString(),
    store_id: 's-1',
    channel: 'carryout',
    deliver_to: { state: 'TX' },
    lines: [{ kind: 'pizza', crust: 'thin', toppings: ['pepperoni'], quantity: 1, unit_price_cents: 1499 }],
  };
  return `curl ${location.origin}/v1/orders -H 'content-type: application/json' \\\n  -d '${JSON.stringify(order)}'`;
}

function EmptyPlate() {
  return (
    <svg className="empty-plate" viewBox="-64 -64 128 128" aria-hidden="true">
      <circle r="60" />
      <circle r="42" />
    </svg>
  );
}
