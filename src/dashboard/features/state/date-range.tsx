import { useState } from 'react';
import { Segmented } from '../../components/segmented.tsx';
import { addDays, type Period, periodOf, type Range } from './periods.ts';

const options = [
  { value: 'today', label: 'Today' },
  { value: '7d', label: 'Last 7 days', content: <Long long="7 days" short="7d" /> },
  { value: '28d', label: 'Last 28 days', content: <Long long="28 days" short="28d" /> },
  { value: '90d', label: 'Last 90 days', content: <Long long="90 days" short="90d" /> },
  { value: 'all', label: 'All time', content: <Long long="All time" short="All" /> },
  { value: 'custom', label: 'Custom' },
] as const;

interface DateRangeProps {
  range: Range;
  today: string;
  onChange: (range: Range) => void;
}

/** Chooses business dates: a preset, or a first and a last day. */
export function DateRange({ range, today, onChange }: DateRangeProps) {
  const custom = typeof range !== 'string';
  const choose = (value: (typeof options)[number]['value']) => {
    if (value !== 'custom') onChange(value);
    else if (!custom) onChange(range === 'all' ? { from: addDays(today, -27), to: today } : periodOf(range, today));
  };
  return (
    <div className="date-range">
      <Segmented label="Dates" options={options} value={custom ? 'custom' : range} onChange={choose} />
      {custom && <CustomDates key={`${range.from} ${range.to}`} period={range} onChange={onChange} />}
    </div>
  );
}

/** Typing a year passes through dates nobody means, so a change counts when the field is left or Enter pressed. */
function CustomDates({ period, onChange }: { period: Period; onChange: (period: Period) => void }) {
  const [from, setFrom] = useState(period.from ?? '');
  const [to, setTo] = useState(period.to ?? '');
  const apply = () => {
    if (from === (period.from ?? '') && to === (period.to ?? '')) return;
    if (from !== '' || to !== '') onChange({ ...(from !== '' && { from }), ...(to !== '' && { to }) });
  };
  return (
    <form
      className="custom-dates"
      onSubmit={(event) => {
        event.preventDefault();
        apply();
      }}
      onBlur={apply}
    >
      <label>
        <span>From</span>
        <input type="date" value={from} onChange={(event) => setFrom(event.target.value)} />
      </label>
      <label>
        <span>to</span>
        <input type="date" value={to} onChange={(event) => setTo(event.target.value)} />
      </label>
      <button type="submit" className="visually-hidden">
        Apply dates
      </button>
    </form>
  );
}

function Long({ long, short }: { long: string; short: string }) {
  return (
    <>
      <span className="if-wide">{long}</span>
      <span className="if-narrow">{short}</span>
    </>
  );
}
