import { dateOf, dayOf } from '../../simulator/calendar.ts';
import { states } from '../../src/contract/states.ts';

/** Parameters of `top-combinations`. */
export interface Selection {
  readonly state?: string;
  readonly from?: string;
  readonly to?: string;
}

/** Selections that are alike in what they cost. */
export interface SelectionGroup {
  readonly title: string;
  readonly selections: readonly Selection[];
}

/** A range that starts before the first sale is another selection, and takes everything all the same. */
const everythingRounds = 3;
const rangeRounds = 4;
const countrySelections = 20;

/** Selections of a warehouse with sales from `first` to `last`; no two are equal. */
export function selectionGroups(first: string, last: string): SelectionGroup[] {
  const everything = (round: number): Selection => (round === 0 ? {} : { from: dateOf(dayOf(first) - round) });
  const range = (number: number) => rangeOf(number, first, last);
  const codes = states.map(({ code }) => code);
  return [
    {
      title: 'Each state, all dates',
      selections: times(everythingRounds).flatMap((round) => codes.map((state) => ({ state, ...everything(round) }))),
    },
    {
      title: 'Each state, a date range',
      selections: times(rangeRounds).flatMap((round) =>
        codes.map((state, index) => ({ state, ...range(round * codes.length + index) })),
      ),
    },
    { title: 'The country, all dates', selections: times(countrySelections).map(everything) },
    { title: 'The country, a date range', selections: times(countrySelections).map(range) },
  ];
}

/** Ranges of one day up to all but one, spread over the dates by a walk whose step has no factor in common with them. */
function rangeOf(number: number, first: string, last: string): Selection {
  const days = dayOf(last) - dayOf(first) + 1;
  const length = 1 + ((number * 13) % Math.max(1, days - 1));
  const start = (number * 7) % Math.max(1, days - length + 1);
  return { from: dateOf(dayOf(first) + start), to: dateOf(dayOf(first) + start + length - 1) };
}

function times(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
