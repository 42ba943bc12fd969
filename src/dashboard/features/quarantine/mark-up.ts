import type { Fault } from '../../../contract/errors.ts';
import { locate, type Span } from './locate.ts';

/** A piece of a text, and the fault (its place in the list of faults) that it belongs to, if any. */
export interface Piece {
  /** Where it begins in the text. */
  readonly from: number;
  readonly text: string;
  readonly fault: number | undefined;
}

/** Cuts a text at the places of its faults; where faults lie inside each other, the innermost has the piece. */
export function markUp(text: string, faults: readonly Fault[]): readonly Piece[] {
  const marks = faults.flatMap(({ path }, fault) => {
    const span = path === '' ? undefined : locate(text, path);
    return span ? [{ ...span, fault }] : [];
  });
  const cuts = [...new Set([0, text.length, ...marks.flatMap(({ from, to }) => [from, to])])].sort((a, b) => a - b);
  return cuts.slice(0, -1).map((from, index) => {
    const to = cuts[index + 1] ?? text.length;
    return { from, text: text.slice(from, to), fault: innermost(marks, from, to) };
  });
}

function innermost(marks: readonly (Span & { fault: number })[], from: number, to: number): number | undefined {
  const around = marks.filter((mark) => mark.from <= from && mark.to >= to);
  return around.sort((one, other) => one.to - one.from - (other.to - other.from))[0]?.fault;
}
