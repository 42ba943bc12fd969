import { type BookProblem, type BookProblemCode, bookProblems } from '../contract/verification.ts';
import type { Discrepancy } from '../warehouse/audit.ts';

const namedMax = 1_000;

/** Collects what is wrong: the first 1,000 in full, all of them by number. */
export class ProblemLog {
  readonly named: BookProblem[] = [];
  readonly counts: Partial<Record<BookProblemCode, number>> = {};

  /** Nothing more is kept but its number. */
  get full(): boolean {
    return this.named.length >= namedMax;
  }

  readonly report = ({ code, where, detail }: Discrepancy): void => {
    this.counts[code] = (this.counts[code] ?? 0) + 1;
    if (!this.full) this.named.push({ code, where, message: `${detail} ${bookProblems[code].cure}` });
  };
}
