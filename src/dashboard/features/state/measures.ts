import type { SalesByStateRow, SalesFigures } from '../../../contract/report.ts';
import { count, fine, headlineCount, money, shortCount, shortMoney } from '../../components/format.ts';

/** A figure of a selection that can colour the map and sort its table. */
export interface Measure {
  readonly name: MeasureName;
  readonly title: string;
  /** For narrow places. */
  readonly short: string;
  /** What it counts and in which unit, for the legend. */
  readonly unit: string;
  readonly note: string;
  value(row: Figures): number | null;
  /** Every digit. */
  exact(value: number): string;
  /** Few characters. */
  brief(value: number): string;
  /** As large print. */
  headline(value: number): string;
}

/** What the summary and the states have in common. */
export type Figures = SalesFigures;

export const measureNames = ['revenue', 'pizzas', 'revenue-per-pizza', 'customers', 'orders'] as const;
export type MeasureName = (typeof measureNames)[number];

const counted = { exact: count, brief: shortCount, headline: headlineCount };
const paid = { exact: money, brief: shortMoney, headline: shortMoney };

/** Every measure, in the order of the key figures. */
export const measures: readonly Measure[] = [
  {
    name: 'revenue',
    title: 'Revenue',
    short: 'Revenue',
    unit: 'US dollars of revenue',
    note: 'All lines after discounts, without tax, tip or delivery fee',
    value: (row) => row.revenue_cents,
    ...paid,
  },
  {
    name: 'pizzas',
    title: 'Pizzas',
    short: 'Pizzas',
    unit: 'pizzas sold',
    note: 'Pizzas sold, without voided orders',
    value: (row) => row.pizzas,
    ...counted,
  },
  {
    name: 'revenue-per-pizza',
    title: 'Revenue per pizza',
    short: 'Per pizza',
    unit: 'US dollars a pizza',
    note: 'Revenue of the pizza lines divided by pizzas',
    value: (row) => row.revenue_per_pizza_cents,
    ...paid,
  },
  {
    name: 'customers',
    title: 'Unique customers',
    short: 'Customers',
    unit: 'unique customers',
    note: 'Each known customer counts once, however often she orders; guests are not counted',
    value: (row) => row.unique_customers,
    ...counted,
  },
  {
    name: 'orders',
    title: 'Orders',
    short: 'Orders',
    unit: 'orders',
    note: 'Orders placed, without voided ones',
    value: (row) => row.orders,
    ...counted,
  },
];

/** The measure of a name. */
export function measureOf(name: MeasureName): Measure {
  return measures.find((measure) => measure.name === name) ?? (measures[0] as Measure);
}

/** What a measure is set against: nothing, or the people or households of a state. */
export const bases = ['total', 'people', 'households'] as const;
export type Base = (typeof bases)[number];

/** A measure of a state, which may be set against the people there. */
export interface StateMeasure extends Omit<Measure, 'value'> {
  value(row: SalesByStateRow): number | null;
}

const per = { people: '10,000 people', households: '1,000 households' } as const;

type PerCapita = Readonly<Record<Exclude<Base, 'total'>, (row: SalesByStateRow) => number | null>>;

const perCapita: Readonly<Partial<Record<MeasureName, PerCapita>>> = {
  revenue: {
    people: (row) => row.revenue_cents_per_10k_people,
    households: (row) => row.revenue_cents_per_1k_households,
  },
  pizzas: { people: (row) => row.pizzas_per_10k_people, households: (row) => row.pizzas_per_1k_households },
  customers: { people: (row) => row.customers_per_10k_people, households: (row) => row.customers_per_1k_households },
};

/** Whether a measure can be set against people and households. */
export function hasPerCapita(name: MeasureName): boolean {
  return perCapita[name] !== undefined;
}

/** The measure set against a base; as it is where that makes no sense. */
export function measureAgainst(name: MeasureName, base: Base): StateMeasure {
  const measure = measureOf(name);
  const value = base === 'total' ? undefined : perCapita[name]?.[base];
  if (base === 'total' || !value) return measure;
  const title = `${measure.title} per ${per[base]}`;
  const written = name === 'revenue' ? paid : { exact: fine, brief: fine, headline: fine };
  return { ...measure, ...written, title, unit: `${measure.unit} per ${per[base]}`, value };
}
