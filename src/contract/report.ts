import Type, { type Static, type TSchema } from 'typebox';
import { FreshnessSchema } from './answers.ts';

export const columnTypes = ['string', 'integer', 'number', 'date', 'json'] as const;
export const columnUnits = [
  'cents',
  'pizzas',
  'orders',
  'customers',
  'share',
  'rank',
  'combinations',
  'people',
  'households',
  'index',
] as const;

export const ColumnSchema = Type.Object({
  name: Type.String(),
  type: Type.Enum([...columnTypes]),
  unit: Type.Optional(Type.Enum([...columnUnits])),
  description: Type.String(),
});
export type Column = Static<typeof ColumnSchema>;

export const ReportDescriptionSchema = Type.Object(
  {
    name: Type.String(),
    title: Type.String(),
    description: Type.String(),
    parameters: Type.Unknown({ description: 'JSON Schema of the query parameters' }),
    columns: Type.Array(ColumnSchema),
  },
  { description: 'One report of the catalogue' },
);
export type ReportDescription = Static<typeof ReportDescriptionSchema>;

export const reportFormats = ['json', 'csv', 'parquet', 'xlsx'] as const;
export type ReportFormat = (typeof reportFormats)[number];

const orNull = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()]);

export const ReferenceReadSchema = Type.Object({
  read_at: orNull(
    Type.String({ description: 'When it was last read to its end, RFC 3339; null before the first time' }),
  ),
  age_seconds: orNull(Type.Integer({ minimum: 0, description: 'How long ago that was' })),
  failed_at: orNull(
    Type.String({ description: 'When the last attempt failed, RFC 3339; null when the last one went well' }),
  ),
  failure: orNull(Type.String({ description: 'Why it failed, as the refresh in GET /v1/pipeline has it' })),
});
/** When a table of reference data was last read from its source. */
export type ReferenceRead = Static<typeof ReferenceReadSchema>;

/** The tables of reference data that decide where orders count and whose they are. */
export const referenceNames = ['stores', 'customers'] as const;
export type ReferenceName = (typeof referenceNames)[number];

export const ReferenceReadsSchema = Type.Partial(
  Type.Object({ stores: ReferenceReadSchema, customers: ReferenceReadSchema } satisfies Record<ReferenceName, TSchema>),
  { description: 'Stores and customers, as far as the source has them; absent where there is no source' },
);
export type ReferenceReads = Static<typeof ReferenceReadsSchema>;

export const ReportAnswerSchema = Type.Object({
  report: Type.String(),
  parameters: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])),
  freshness: Type.Object({ ...FreshnessSchema.properties, reference: Type.Optional(ReferenceReadsSchema) }),
  rows: Type.Array(Type.Record(Type.String(), Type.Unknown())),
});

/** The answer of `GET /v1/reports/{name}` with rows of a known shape. */
export interface ReportAnswer<Row> extends Omit<Static<typeof ReportAnswerSchema>, 'rows'> {
  rows: Row[];
}

export interface ToppingCell {
  name: string;
  portion: 'whole' | 'left' | 'right';
  amount: 'light' | 'regular' | 'extra';
}

/** A row of `top-combinations`. */
export interface TopCombinationRow {
  rank: number;
  combination: string;
  label: string;
  crust: string;
  sauce: string;
  cheese: string;
  toppings: ToppingCell[];
  pizzas: number;
  revenue_cents: number;
  revenue_per_pizza_cents: number;
  unique_customers: number;
}

/** A row of `product-mix`: every combination sold, with the menu name it is most often sold under. */
export interface ProductMixRow extends TopCombinationRow {
  menu_item: string | null;
  /** Of all pizzas in the selection, 0 to 1. */
  share: number;
}

/** What was sold in a selection. */
export interface SalesFigures {
  orders: number;
  pizzas: number;
  /** All lines. */
  revenue_cents: number;
  /** Pizza lines only. */
  pizza_revenue_cents: number;
  revenue_per_pizza_cents: number | null;
  unique_customers: number;
}

/** A row of `sales-by-state`; `state` is a USPS code or `unresolved`. States without sales are left out. */
export interface SalesByStateRow extends SalesFigures {
  state: string;
  /** Null for `unresolved`, as is everything below. */
  pizzas_per_10k_people: number | null;
  revenue_cents_per_10k_people: number | null;
  customers_per_10k_people: number | null;
  pizzas_per_1k_households: number | null;
  revenue_cents_per_1k_households: number | null;
  customers_per_1k_households: number | null;
  /** Revenue per person against all states with sales, which are 100. */
  revenue_index: number | null;
  population: number | null;
  population_year: number | null;
  households: number | null;
  households_year: number | null;
  census_vintage: string | null;
}

/** The single row of `sales-summary`. */
export interface SalesSummaryRow extends SalesFigures {
  combinations: number;
  first_date: string | null;
  last_date: string | null;
}

/** A row of `sales-by-day`. */
export interface SalesByDayRow {
  business_date: string;
  orders: number;
  pizzas: number;
  revenue_cents: number;
  pizza_revenue_cents: number;
}
