import { Fragment, useState } from 'react';
import type { Book, BookDay } from '../../../contract/pipeline.ts';
import { calendarDay, count, counted } from '../../components/format.ts';
import { CheckIcon, ChevronIcon, WarningIcon } from '../../components/icons.tsx';
import { TableScroll } from '../../components/table-scroll.tsx';
import { missing, type Outcomes } from './identity.ts';

/** The terms of the identity in the order it is written, with what each means. */
const terms = [
  { name: 'received', sign: '', title: 'Received', why: 'Records that were accepted, and so are on disk' },
  { name: 'loaded', sign: '=', title: 'Loaded', why: 'Orders that went into the reports' },
  { name: 'duplicates', sign: '+', title: 'Duplicates', why: 'The same order and revision again; it counts once' },
  {
    name: 'superseded',
    sign: '+',
    title: 'Superseded',
    why: 'A revision that came after a higher one; the higher one counts',
  },
  { name: 'quarantined', sign: '+', title: 'Quarantined', why: 'Could not be taken; kept with its exact bytes' },
  { name: 'in_flight', sign: '+', title: 'In flight', why: 'On disk, and about to be loaded' },
] as const;

interface BooksTableProps {
  /** Undefined until the first answer. */
  days: readonly BookDay[] | undefined;
  books: readonly Book[];
}

/** One row a day, in which the outcomes add up to what was received; opened, one more row a source. */
export function BooksTable({ days, books }: BooksTableProps) {
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const toggle = (day: string) =>
    setOpen((before) => new Set(before.has(day) ? [...before].filter((one) => one !== day) : [...before, day]));
  return (
    <TableScroll label="The books by day">
      <table className="books-table" aria-busy={!days}>
        <thead>
          <tr>
            <th scope="col">Day</th>
            {terms.map(({ name, sign, title, why }) => (
              <th key={name} scope="col" title={why}>
                <Sign sign={sign} />
                {title}
              </th>
            ))}
            <th scope="col">Do they balance?</th>
          </tr>
        </thead>
        <tbody>
          {!days && <SkeletonRows />}
          {days?.map((day) => {
            const sources = books.filter((book) => book.day === day.day);
            return (
              <Fragment key={day.day}>
                <DayRow day={day} sources={sources.length} open={open.has(day.day)} onToggle={() => toggle(day.day)} />
                {open.has(day.day) && sources.map((book) => <SourceRow key={book.source} book={book} />)}
              </Fragment>
            );
          })}
        </tbody>
      </table>
    </TableScroll>
  );
}

interface DayRowProps {
  day: BookDay;
  sources: number;
  open: boolean;
  onToggle: () => void;
}

function DayRow({ day, sources, open, onToggle }: DayRowProps) {
  return (
    <tr>
      <th scope="row">
        {sources === 0 ? (
          <span className="books-day">{nameOf(day.day)}</span>
        ) : (
          <button type="button" className="books-day" aria-expanded={open} onClick={onToggle}>
            <ChevronIcon />
            {nameOf(day.day)} <small>{counted(sources, 'source')}</small>
          </button>
        )}
      </th>
      <Amounts outcomes={day} />
      <td>
        <Balance day={day} />
      </td>
    </tr>
  );
}

function SourceRow({ book }: { book: Book }) {
  return (
    <tr className="books-source">
      <th scope="row">{book.source}</th>
      <Amounts outcomes={book} />
      <td />
    </tr>
  );
}

/** Of a source, what is in flight is not known. */
function Amounts({ outcomes }: { outcomes: Omit<Outcomes, 'in_flight'> & { in_flight?: number } }) {
  return terms.map(({ name, sign }) => {
    const value = outcomes[name];
    return (
      <td key={name} data-term={name} data-none={value === 0 ? '' : undefined}>
        {value !== undefined && (
          <>
            <Sign sign={sign} />
            {count(value)}
          </>
        )}
      </td>
    );
  });
}

function Sign({ sign }: { sign: string }) {
  return sign === '' ? null : <span className="books-sign">{sign} </span>;
}

function Balance({ day }: { day: BookDay }) {
  const off = missing(day);
  if (day.balanced) {
    return (
      <span className="balance good">
        <CheckIcon /> Balanced
      </span>
    );
  }
  return (
    <span className="balance bad">
      <WarningIcon /> {off === 0 ? 'Not proved' : off > 0 ? `${count(off)} missing` : `${count(-off)} too many`}
    </span>
  );
}

function nameOf(day: string): string {
  return day === new Date().toISOString().slice(0, 10) ? 'Today' : calendarDay(day);
}

const skeletonRows = ['a', 'b', 'c', 'd', 'e', 'f', 'g'] as const;

function SkeletonRows() {
  return skeletonRows.map((row) => (
    <tr key={row}>
      <th scope="row">
        <span className="skeleton">Sun, Nov 22</span>
      </th>
      {terms.map(({ name }) => (
        <td key={name}>
          <span className="skeleton">000,000</span>
        </td>
      ))}
      <td>
        <span className="skeleton">Balanced</span>
      </td>
    </tr>
  ));
}
