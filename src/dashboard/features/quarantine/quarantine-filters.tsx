import type { QuarantineAnswer } from '../../../contract/answers.ts';
import { count } from '../../components/format.ts';
import { ChevronIcon } from '../../components/icons.tsx';
import { Segmented } from '../../components/segmented.tsx';
import type { Selection } from './selection.ts';
import { titleOf } from './words.ts';

type Counts = QuarantineAnswer['counts'];

const statuses = [
  { value: 'waiting', label: 'Waiting' },
  { value: 'replayed', label: 'Replayed' },
  { value: 'dropped', label: 'Dropped' },
  { value: 'all', label: 'All' },
] as const;

interface QuarantineFiltersProps {
  selection: Selection;
  counts: Counts;
  onChange: (changes: Partial<Selection>) => void;
}

/** Which records are shown: by what became of them, why they are here, and who sent them. */
export function QuarantineFilters({ selection, counts, onChange }: QuarantineFiltersProps) {
  const { status, code, source } = selection;
  return (
    <search className="quarantine-filters">
      <Segmented label="Status" options={statuses} value={status} onChange={(next) => onChange({ status: next })} />
      <Choice
        label="Reason"
        all="Every reason"
        value={code}
        options={optionsOf(counts, 'code', source === undefined ? {} : { source }, code)}
        write={titleOf}
        onChange={(next) => onChange({ code: next })}
      />
      <Choice
        label="Source"
        all="Every source"
        value={source}
        options={optionsOf(counts, 'source', code === undefined ? {} : { code }, source)}
        write={(name) => name}
        onChange={(next) => onChange({ source: next })}
      />
    </search>
  );
}

interface Option {
  readonly value: string;
  readonly waiting: number;
}

/** The values there are of one property, with how many wait, of those that have the other property's value. */
function optionsOf(
  counts: Counts,
  property: 'code' | 'source',
  other: { code?: string; source?: string },
  chosen: string | undefined,
): Option[] {
  const waiting = new Map<string, number>(chosen === undefined ? [] : [[chosen, 0]]);
  for (const row of counts) {
    const fits = (other.code ?? row.code) === row.code && (other.source ?? row.source) === row.source;
    if (fits) waiting.set(row[property], (waiting.get(row[property]) ?? 0) + row.waiting);
  }
  return [...waiting].map(([value, many]) => ({ value, waiting: many })).sort((a, b) => b.waiting - a.waiting);
}

interface ChoiceProps {
  label: string;
  all: string;
  value: string | undefined;
  options: readonly Option[];
  write: (value: string) => string;
  onChange: (value: string | undefined) => void;
}

function Choice({ label, all, value, options, write, onChange }: ChoiceProps) {
  return (
    <label className="select">
      <span className="visually-hidden">{label}</span>
      <select value={value ?? ''} onChange={(event) => onChange(event.target.value || undefined)}>
        <option value="">{all}</option>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {write(option.value)} ({count(option.waiting)} waiting)
          </option>
        ))}
      </select>
      <ChevronIcon />
    </label>
  );
}
