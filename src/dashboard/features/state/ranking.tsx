import type { SalesByStateRow } from '../../../contract/report.ts';
import { placeName } from './choice.ts';
import type { StateMeasure } from './measures.ts';

interface RankingProps {
  /** Undefined until the first answer. */
  rows: readonly SalesByStateRow[] | undefined;
  measure: StateMeasure;
  selected: string | undefined;
  onSelect: (state: string | undefined) => void;
  onLookAt: (state: string) => void;
}

interface Ranked {
  readonly state: string;
  readonly value: number;
  readonly rank: number;
}

const shownMax = 12;
const skeletonRows = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l'] as const;

/** The first twelve states by a measure, and the chosen one wherever it stands. */
export function Ranking({ rows, measure, selected, onSelect, onLookAt }: RankingProps) {
  if (!rows) return <RankingSkeleton />;
  const ranked = rankedBy(rows, measure);
  const most = ranked[0]?.value ?? 0;
  const chosen = ranked.find(({ state }) => state === selected);
  const shown = ranked.slice(0, shownMax);
  if (chosen && chosen.rank > shownMax) shown.splice(shownMax - 1, 1, chosen);
  return (
    <div className="ranking">
      <h3>{chosen ? `${placeName(chosen.state)} is no. ${chosen.rank} of ${ranked.length}` : 'Leading states'}</h3>
      <ol>
        {shown.map(({ state, value, rank }) => (
          <li key={state}>
            <button
              type="button"
              aria-pressed={state === selected}
              onClick={() => onSelect(state === selected ? undefined : state)}
              onPointerEnter={() => onLookAt(state)}
              onFocus={() => onLookAt(state)}
              title={measure.exact(value)}
            >
              <span className="ranking-rank">{rank}</span>
              <span className="ranking-name">{placeName(state)}</span>
              <span className="ranking-value">{measure.brief(value)}</span>
              <span className="meter" aria-hidden="true">
                <span style={{ inlineSize: `${most === 0 ? 0 : (value / most) * 100}%` }} />
              </span>
            </button>
          </li>
        ))}
      </ol>
    </div>
  );
}

function RankingSkeleton() {
  return (
    <div className="ranking" aria-hidden="true">
      <h3>Leading states</h3>
      {skeletonRows.map((row) => (
        <div key={row} className="ranking-waiting">
          <span className="skeleton">A state of some size and its pizzas</span>
        </div>
      ))}
    </div>
  );
}

function rankedBy(rows: readonly SalesByStateRow[], measure: StateMeasure): Ranked[] {
  return rows
    .flatMap((row) => {
      const value = row.state === 'unresolved' ? null : measure.value(row);
      return value === null ? [] : [{ state: row.state, value }];
    })
    .sort((one, other) => other.value - one.value || one.state.localeCompare(other.state))
    .map((row, at) => ({ ...row, rank: at + 1 }));
}
