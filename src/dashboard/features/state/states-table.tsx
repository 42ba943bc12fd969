import type { SalesByStateRow } from '../../../contract/report.ts';
import { SortHeader } from '../../components/sort-header.tsx';
import { TableScroll } from '../../components/table-scroll.tsx';
import { placeName } from './choice.ts';
import { type Measure, type MeasureName, measures } from './measures.ts';

interface StatesTableProps {
  rows: readonly SalesByStateRow[];
  measure: Measure;
  selected: string | undefined;
  onSelect: (state: string | undefined) => void;
  onLookAt: (state: string) => void;
  onMeasure: (name: MeasureName) => void;
}

/** Every figure of every state, most first by the chosen measure. Orders without a known state stand among them. */
export function StatesTable({ rows, measure, selected, onSelect, onLookAt, onMeasure }: StatesTableProps) {
  const sorted = [...rows].sort(
    (one, other) =>
      (measure.value(other) ?? -1) - (measure.value(one) ?? -1) ||
      placeName(one.state).localeCompare(placeName(other.state)),
  );
  return (
    <TableScroll label="Figures by state" className="states-table">
      <table>
        <thead>
          <tr>
            <th scope="col">State</th>
            {measures.map((one) => (
              <SortHeader
                key={one.name}
                sorted={one.name === measure.name ? 'descending' : undefined}
                onSort={() => onMeasure(one.name)}
              >
                {one.title}
              </SortHeader>
            ))}
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
              {measures.map((one) => {
                const value = one.value(row);
                return <td key={one.name}>{value === null ? '–' : one.exact(value)}</td>;
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}
