import { isCalendarDate } from '../../../contract/instant.ts';
import { stateCode, stateOf } from '../../../contract/states.ts';
import { type Base, bases, type MeasureName, measureNames } from './measures.ts';
import { type Preset, presets, type Range } from './periods.ts';

export const mixColumns = ['name', 'share', 'pizzas', 'revenue', 'revenue-per-pizza', 'customers'] as const;
export type MixColumn = (typeof mixColumns)[number];

export interface MixSort {
  readonly by: MixColumn;
  readonly descending: boolean;
}

/** Everything a reader chose on the page; the address says it all. */
export interface Choice {
  /** USPS code or `unresolved`; undefined is the whole country. */
  readonly state: string | undefined;
  readonly range: Range;
  readonly measure: MeasureName;
  /** What the measure of the map and its table is set against. */
  readonly per: Base;
  readonly places: 'map' | 'table';
  readonly sort: MixSort;
  /** Words that the names in the mix must hold. */
  readonly find: string;
  /** Every combination, not the first rows only. */
  readonly all: boolean;
}

export const defaultChoice: Choice = {
  state: undefined,
  range: '28d',
  measure: 'pizzas',
  per: 'total',
  places: 'map',
  sort: { by: 'pizzas', descending: true },
  find: '',
  all: false,
};

function oneOf<Value extends string>(values: readonly Value[], written: string | null): Value | undefined {
  return values.find((value) => value === written);
}

/** Reads a choice from the query part of an address; what it does not understand stays as by default. */
export function readChoice(search: string): Choice {
  const query = new URLSearchParams(search);
  const state = query.get('state');
  return {
    state: state === 'unresolved' ? state : state === null ? undefined : stateCode(state),
    range: readRange(query),
    measure: oneOf(measureNames, query.get('measure')) ?? defaultChoice.measure,
    per: oneOf(bases, query.get('per')) ?? defaultChoice.per,
    places: query.get('places') === 'table' ? 'table' : 'map',
    sort: readSort(query.get('sort')),
    find: query.get('find') ?? '',
    all: query.get('rows') === 'all',
  };
}

function readRange(query: URLSearchParams): Range {
  const [from, to] = [query.get('from'), query.get('to')].map((date) =>
    date !== null && isCalendarDate(date) ? date : undefined,
  );
  if (from !== undefined || to !== undefined) return { ...(from && { from }), ...(to && { to }) };
  return oneOf<Preset>(presets, query.get('range')) ?? defaultChoice.range;
}

/** `revenue` sorts from the most, `revenue-asc` from the least; names the other way round. */
function readSort(written: string | null): MixSort {
  const ascending = written?.endsWith('-asc') ?? false;
  const by = oneOf(mixColumns, written?.replace(/-(asc|desc)$/, '') ?? null);
  return by ? { by, descending: !ascending } : defaultChoice.sort;
}

/** The query part of the address of a choice, without what is so by default: `?state=TX&range=7d`, or nothing. */
export function writeChoice({ state, range, measure, per, places, sort, find, all }: Choice): string {
  const query = new URLSearchParams();
  if (state !== undefined) query.set('state', state);
  writeRange(query, range);
  if (measure !== defaultChoice.measure) query.set('measure', measure);
  if (per !== defaultChoice.per) query.set('per', per);
  if (places === 'table') query.set('places', places);
  if (sort.by !== 'pizzas' || !sort.descending) query.set('sort', sort.descending ? sort.by : `${sort.by}-asc`);
  if (find !== '') query.set('find', find);
  if (all) query.set('rows', 'all');
  const written = query.toString();
  return written === '' ? '' : `?${written}`;
}

function writeRange(query: URLSearchParams, range: Range): void {
  if (range === defaultChoice.range) return;
  const written = typeof range === 'string' ? { range } : range;
  for (const [name, value] of Object.entries(written)) query.set(name, value);
}

/** What a person calls the chosen place. */
export function placeName(state: string | undefined): string {
  if (state === undefined) return 'United States';
  return state === 'unresolved' ? 'State unknown' : (stateOf(state)?.name ?? state);
}

/** The place inside a sentence: "in Texas", "in the United States", "in orders without a known state". */
export function inPlace(state: string | undefined): string {
  if (state === undefined) return 'in the United States';
  if (state === 'unresolved') return 'in orders without a known state';
  return `in ${state === 'DC' ? 'the ' : ''}${placeName(state)}`;
}
