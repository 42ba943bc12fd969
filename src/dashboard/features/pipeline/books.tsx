import { useState } from 'react';
import type { BookDay, PipelineAnswer } from '../../../contract/pipeline.ts';
import { count } from '../../components/format.ts';
import { BooksTable } from './books-table.tsx';
import { missing, totals } from './identity.ts';
import { Prove } from './prove.tsx';

const daysFirst = 14;

/** The books: every record that was accepted, by day, and what became of it. */
export function Books({ answer }: { answer: PipelineAnswer | undefined }) {
  const [all, setAll] = useState(false);
  const days = answer?.days;
  const shown = all ? days : days?.slice(0, daysFirst);
  return (
    <section className="panel books" aria-labelledby="books-title">
      <div className="panel-head">
        <h2 id="books-title">
          The books <small>every record accepted, by the day it came (UTC)</small>
        </h2>
      </div>
      <p className="panel-note">
        {days ? inWords(days) : 'Received = loaded + duplicates + superseded + quarantined + in flight.'}
      </p>
      <Prove />
      {days?.length === 0 ? (
        <p className="nothing">The first order that is posted opens the books.</p>
      ) : (
        <BooksTable days={shown} books={answer?.books ?? []} />
      )}
      {days && shown && days.length > shown.length && (
        <button type="button" className="button show-all" onClick={() => setAll(true)}>
          Show all {count(days.length)} days
        </button>
      )}
    </section>
  );
}

/** The books as a sentence that can be read without knowing the words of the table. */
function inWords(days: readonly BookDay[]): string {
  if (days.length === 0) return 'Nothing has been received yet.';
  const { received, loaded, duplicates, superseded, quarantined, in_flight } = totals(days);
  const off = missing(totals(days));
  const parts = [
    `${count(loaded)} were loaded`,
    duplicates > 0 && `${count(duplicates)} came more than once and count once`,
    superseded > 0 && `${count(superseded)} came after a newer version of themselves`,
    quarantined > 0 && `${count(quarantined)} could not be taken and went to quarantine`,
    in_flight > 0 && `${count(in_flight)} are on their way`,
  ].filter(Boolean);
  const last = parts.length > 1 ? ` and ${parts.pop()}` : '';
  const end = off === 0 ? 'None is missing.' : `${count(Math.abs(off))} ${off > 0 ? 'are missing' : 'are too many'}.`;
  return `Of ${count(received)} records received in these days, ${parts.join(', ')}${last}. ${end}`;
}
