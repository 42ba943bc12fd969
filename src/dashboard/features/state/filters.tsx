import type { SalesByStateRow, SalesSummaryRow } from '../../../contract/report.ts';
import { states as allStates } from '../../../contract/states.ts';
import { PageHeading } from '../../app/page-heading.tsx';
import { Combobox } from '../../components/combobox.tsx';
import { shortCount } from '../../components/format.ts';
import type { ComboboxOption } from '../../components/matching.ts';
import { type Choice, placeName } from './choice.ts';
import { DateRange } from './date-range.tsx';
import { type Period, writePeriod } from './periods.ts';
import type { Choose } from './use-choice.ts';

interface FiltersProps {
  choice: Choice;
  choose: Choose;
  today: string;
  period: Period;
  summary: SalesSummaryRow | undefined;
  states: readonly SalesByStateRow[] | undefined;
  onLookAt: (state: string | undefined) => void;
}

const everywhere = 'US';
const stateOptions: readonly ComboboxOption[] = [
  { value: everywhere, label: placeName(undefined) },
  ...allStates.map(({ code, name }) => ({ value: code, label: name, code })),
];
const unresolvedOption: ComboboxOption = { value: 'unresolved', label: placeName('unresolved') };

/** What the page is about: the state and the dates, and the controls that change them. */
export function Filters({ choice, choose, today, period, summary, states, onLookAt }: FiltersProps) {
  const offersUnresolved = choice.state === 'unresolved' || states?.some((row) => row.state === 'unresolved');
  const codeOf = (value: string) => (value === everywhere ? undefined : value);
  const pizzas = (value: string) => {
    if (value === everywhere) return states && `${shortCount(sumOf(states))} pizzas`;
    const row = states?.find((one) => one.state === value);
    return row ? shortCount(row.pizzas) : undefined;
  };
  return (
    <div className="filters">
      <div className="headline">
        <PageHeading className="visually-hidden" title={placeName(choice.state)} />
        <Combobox
          label="State"
          options={offersUnresolved ? [...stateOptions, unresolvedOption] : stateOptions}
          value={choice.state ?? everywhere}
          onChange={(value) => choose({ state: codeOf(value) })}
          onLookAt={(value) => onLookAt(codeOf(value))}
          detail={pizzas}
        />
        <p>
          {datesShown(period, summary)}
          {period.to === today && ', today so far'}
        </p>
      </div>
      <DateRange range={choice.range} today={today} onChange={(range) => choose({ range })} />
    </div>
  );
}

function sumOf(states: readonly SalesByStateRow[]): number {
  return states.reduce((sum, row) => sum + row.pizzas, 0);
}

/** All time shows the dates it holds. */
function datesShown(period: Period, summary: SalesSummaryRow | undefined): string {
  if (period.from !== undefined || period.to !== undefined) return writePeriod(period);
  if (!summary?.first_date || !summary.last_date) return writePeriod(period);
  return `All time, ${writePeriod({ from: summary.first_date, to: summary.last_date })}`;
}
