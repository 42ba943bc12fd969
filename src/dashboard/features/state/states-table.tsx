import type { SalesByStateRow } from '../../../contract/report.ts';
import { count } from '../../components/format.ts';
import { SortHeader } from '../../components/sort-header.tsx';
import { TableScroll } from '../../components/table-scroll.tsx';
import { placeName } from './choice.ts';
import { type Base, hasPerCapita, type MeasureName, measureAgainst, measures, type StateMeasure } from './measures.ts';

interface StatesTableProps {
  rows: readonly SalesByStateRow[];
  measure: StateMeasure;
  per: Base;
  selected: string | undefined;
  onSelect: (state: string | undefined) => void;
  onLookAt: (state: string) => void;
  onMeasure: (name: MeasureName) => void;
}

/** Every figure of every state, most first by the chosen measure. Orders without a known state stand among them. */
export function StatesTable({ rows, measure, per, selected, onSelect, onLookAt, onMeasure }: StatesTableProps) {
  const sorted = [...rows].sort(
    (one, other) =>
      (measure.value(other) ?? -1) - (measure.value(one) ?? -1) ||
      placeName(one.state).localeCompare(placeName(other.state)),
  );
  const shown: readonly StateMeasure[] =
    per === 'total'
      ? measures
      : measures.filter(({ name }) => hasPerCapita(name)).map(({ name }) => measureAgainst(name, per));
  return (
    <TableScroll label="Figures by state" className="states-table">
      <table>
        <thead>
          <tr>
            <th scope="col">State</th>
            {shown.map((one) => (
              <SortHeader
                key={one.name}
                sorted={one.name === measure.name ? 'descending' : undefined}
                onSort={() => onMeasure(one.name)}
              >
                {one.title}
              </SortHeader>
            ))}
            {per !== 'total' && (
              <>
                <th scope="col" title="Revenue per person against all states with sales, which are 100">
                  Index
                </th>
                <th scope="col">{per === 'people' ? 'People' : 'Households'}</th>
              </>
            )}
          </tr>
        </thead>
        <tbody>
          {sorted.map((row) => (
            <tr key={row.state} data-selected={row.state === selected ? '' : undefined}>
              <th scope="row">
                <button
                  type="button"
                  className="link"
                  aria-pressed={row.state === selected}
                  onClick={() => onSelect(row.state === selected ? undefined : row.state)}
                  onPointerEnter={() => onLookAt(row.state)}
                  onFocus={() => onLookAt(row.state)}
                >
                  {placeName(row.state)}
                </button>
              </th>
              {shown.map((one) => {
                const value = one.value(row);
                return <td key={one.name}>{value === null ? '–' : one.exact(value)}</td>;
              })}
              {per !== 'total' && <CensusCells row={row} per={per} />}
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}

function CensusCells({ row, per }: { row: SalesByStateRow; per: Exclude<Base, 'total'> }) {
  const there = per === 'people' ? row.population : row.households;
  return (
    <>
      <td>{row.revenue_index ?? '–'}</td>
      <td>{there === null ? '–' : count(there)}</td>
    </>
  );
}
