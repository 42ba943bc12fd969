import { memo, useLayoutEffect, useRef, useState } from 'react';
import type { ProductMixRow } from '../../../contract/report.ts';
import { count, money, percent } from '../../components/format.ts';
import { Pizza } from '../../components/pizza/pizza.tsx';
import { SortHeader } from '../../components/sort-header.tsx';
import { TableScroll } from '../../components/table-scroll.tsx';
import type { MixColumn, MixSort } from './choice.ts';
import { titleOf } from './title-of.ts';
import { useWindow } from './use-window.ts';

interface MixTableProps {
  /** Undefined until the first answer. */
  rows: readonly ProductMixRow[] | undefined;
  /** Rows that there are, shown or not. */
  total: number;
  sort: MixSort;
  busy: boolean;
  onSort: (sort: MixSort) => void;
}

const columns: readonly { by: MixColumn; title: string }[] = [
  { by: 'name', title: 'Combination' },
  { by: 'share', title: 'Share of pizzas' },
  { by: 'pizzas', title: 'Pizzas' },
  { by: 'revenue', title: 'Revenue' },
  { by: 'revenue-per-pizza', title: 'Per pizza' },
  { by: 'customers', title: 'Customers' },
];
const skeletonRows = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'] as const;

/** The mix as a table. Only the rows near the screen are drawn, so that thousands cost no more than dozens. */
export function MixTable({ rows, total, sort, busy, onSort }: MixTableProps) {
  const body = useRef<HTMLTableSectionElement>(null);
  const rowHeight = useRowHeight(body);
  const { from, to } = useWindow(body, rows?.length ?? 0, rowHeight);
  const most = Math.max(...(rows ?? []).map((row) => row.share), 0.0001);
  const sortBy = (by: MixColumn) => onSort({ by, descending: sort.by === by ? !sort.descending : by !== 'name' });
  return (
    <TableScroll label="Product mix">
      <table className="mix-table" aria-busy={busy} aria-rowcount={total + 1}>
        <thead>
          <tr>
            <th scope="col" className="rank-column">
              <span className="visually-hidden">Rank by pizzas</span>
              <span aria-hidden="true">#</span>
            </th>
            {columns.map(({ by, title }) => (
              <SortHeader
                key={by}
                className={`${by}-column`}
                sorted={sort.by === by ? direction(sort) : undefined}
                onSort={() => sortBy(by)}
              >
                {title}
              </SortHeader>
            ))}
          </tr>
        </thead>
        <tbody ref={body}>
          {rows === undefined && skeletonRows.map((row) => <SkeletonRow key={row} />)}
          <Gap rows={from} rowHeight={rowHeight} />
          {rows?.slice(from, to).map((row, at) => (
            <MixRow key={row.combination} row={row} most={most} index={from + at + 2} />
          ))}
          <Gap rows={(rows?.length ?? 0) - to} rowHeight={rowHeight} />
        </tbody>
      </table>
    </TableScroll>
  );
}

function direction({ descending }: MixSort): 'ascending' | 'descending' {
  return descending ? 'descending' : 'ascending';
}

function useRowHeight(body: React.RefObject<HTMLTableSectionElement | null>): number {
  const [height, setHeight] = useState(60);
  useLayoutEffect(() => {
    const measure = () => {
      const row = body.current?.querySelector<HTMLElement>('tr:not(.gap)');
      if (row && row.offsetHeight > 0) setHeight(row.offsetHeight);
    };
    measure();
    addEventListener('resize', measure);
    return () => removeEventListener('resize', measure);
  }, [body]);
  return height;
}

function Gap({ rows, rowHeight }: { rows: number; rowHeight: number }) {
  return rows > 0 ? (
    <tr className="gap">
      <td colSpan={columns.length + 1} style={{ blockSize: rows * rowHeight }} />
    </tr>
  ) : null;
}

interface MixRowProps {
  row: ProductMixRow;
  /** The largest share on screen; bars are drawn against it. */
  most: number;
  index: number;
}

const MixRow = memo(function MixRow({ row, most, index }: MixRowProps) {
  const title = titleOf(row, row.menu_item);
  return (
    <tr aria-rowindex={index}>
      <td className="rank-column">{count(row.rank)}</td>
      <th scope="row" className="name-column">
        <div>
          <Pizza of={row} detail="small" />
          <span>
            <span className="mix-title">{title}</span>
            <span className="mix-label" title={row.label}>
              {row.label}
            </span>
          </span>
        </div>
      </th>
      <td className="share-column">
        <div>
          <span className="meter" aria-hidden="true">
            <span style={{ inlineSize: `${(row.share / most) * 100}%` }} />
          </span>
          {percent(row.share)}
        </div>
      </td>
      <td>{count(row.pizzas)}</td>
      <td>{money(row.revenue_cents)}</td>
      <td>{money(row.revenue_per_pizza_cents)}</td>
      <td>{count(row.unique_customers)}</td>
    </tr>
  );
});

function SkeletonRow() {
  return (
    <tr>
      <td className="rank-column" />
      <th scope="row" className="name-column">
        <div>
          <span className="skeleton skeleton-round" />
          <span className="skeleton">A combination of toppings</span>
        </div>
      </th>
      {columns.slice(1).map(({ by }) => (
        <td key={by} className={`${by}-column`}>
          <span className="skeleton">000,000</span>
        </td>
      ))}
    </tr>
  );
}
