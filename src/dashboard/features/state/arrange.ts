import type { ProductMixRow } from '../../../contract/report.ts';
import type { MixColumn, MixSort } from './choice.ts';
import { titleOf } from './title-of.ts';

const figures: Readonly<Record<Exclude<MixColumn, 'name'>, (row: ProductMixRow) => number>> = {
  share: (row) => row.share,
  pizzas: (row) => row.pizzas,
  revenue: (row) => row.revenue_cents,
  'revenue-per-pizza': (row) => row.revenue_per_pizza_cents,
  customers: (row) => row.unique_customers,
};

/** The rows whose name or label holds every word of `find`, in the order of `sort`; equal ones by their rank. */
export function arrange(rows: readonly ProductMixRow[], sort: MixSort, find: string): readonly ProductMixRow[] {
  const words = plain(find).split(/\s+/).filter(Boolean);
  const found = words.length === 0 ? rows : rows.filter((row) => holds(row, words));
  const direction = sort.descending ? -1 : 1;
  return [...found].sort((one, other) => direction * compare(one, other, sort.by) || one.rank - other.rank);
}

function compare(one: ProductMixRow, other: ProductMixRow, by: MixColumn): number {
  if (by === 'name') return nameOf(one).localeCompare(nameOf(other), 'en-US');
  return figures[by](one) - figures[by](other);
}

function nameOf(row: ProductMixRow): string {
  return titleOf(row, row.menu_item);
}

function holds(row: ProductMixRow, words: readonly string[]): boolean {
  const text = plain(`${nameOf(row)} ${row.label}`);
  return words.every((word) => text.includes(word));
}

/** Without case and accents, so that "jalapeno" finds "jalapeño". */
function plain(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase();
}
