import type { Fault } from '../../../contract/errors.ts';
import { count } from '../../components/format.ts';
import { TableScroll } from '../../components/table-scroll.tsx';
import { markUp } from './mark-up.ts';

/** A browser lays out longer texts too slowly; the whole is among the exact bytes. */
const shownMax = 200_000;

/** The text exactly as it came, with the values that are wrong marked and numbered as in the list of faults. */
export function ExactText({ text, faults }: { text: string | null; faults: readonly Fault[] }) {
  if (text === null) return <p className="panel-note">These bytes are not text. Save them to look at them.</p>;
  const shown = text.slice(0, shownMax);
  return (
    <>
      <TableScroll label="The text as it came" className="exact-text">
        <pre>
          {markUp(shown, faults).map(({ from, text: piece, fault }) =>
            fault === undefined ? (
              <span key={from}>{piece}</span>
            ) : (
              <mark key={from} title={faults[fault]?.message}>
                {piece}
                <sup>{fault + 1}</sup>
              </mark>
            ),
          )}
        </pre>
      </TableScroll>
      {text.length > shown.length && (
        <p className="panel-note">
          The first {count(shownMax)} of {count(text.length)} characters. Save the bytes for the rest.
        </p>
      )}
    </>
  );
}
