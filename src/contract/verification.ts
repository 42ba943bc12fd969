import Type, { type Static } from 'typebox';
import type { Problem } from './answers.ts';
import { BookSchema } from './pipeline.ts';

const rebuild = 'Make the warehouse anew with "slicehouse rebuild".';

/**
 * Everything that can be wrong with the books: a closed list, each with what it means and what to do.
 * docs/books.md explains them, and a test keeps the two equal.
 */
export const bookProblems = {
  file_missing: {
    title: 'A segment file is gone that nothing has removed',
    cure: 'Put it back from a backup.',
  },
  file_damaged: {
    title: 'Records of a segment file do not have the checksum they were written with',
    cure: 'Put the file back from a backup, and look at the disk.',
  },
  seal_wrong: {
    title: 'A loaded segment file does not end in a seal that fits',
    cure: 'Put the file back from a backup, and look at the disk.',
  },
  set_aside_alone: {
    title: 'A file that was set aside holds what is nowhere else',
    cure: 'Keep it: docs/books.md says how to bring its orders back.',
  },
  archive_damaged: {
    title: 'A batch of the archive is not as it was written',
    cure: 'Put its files back from a backup.',
  },
  ledger_missing: {
    title: 'The tables hold records of a segment file that the ledger does not know',
    cure: rebuild,
  },
  ledger_doubled: {
    title: 'The ledger has a segment file more than once',
    cure: rebuild,
  },
  ledger_unbalanced: {
    title: 'A row of the ledger does not add up',
    cure: rebuild,
  },
  ledger_differs: {
    title: 'The ledger counts other than the segment file or the tables have',
    cure: rebuild,
  },
  segment_differs: {
    title: 'The tables do not hold what a segment file says, and it was not looked at record by record',
    cure: 'Mend the problems before it and verify again.',
  },
  order_missing: {
    title: 'A record of a segment file is not in the tables',
    cure: rebuild,
  },
  order_unfounded: {
    title: 'The tables hold an order record that no segment file has',
    cure: rebuild,
  },
  order_doubled: {
    title: 'The tables hold an order record more often than it came',
    cure: rebuild,
  },
  order_differs: {
    title: 'An order in the tables is not as the segment file has it',
    cure: rebuild,
  },
  revision_wrong: {
    title: 'Not the highest revision of an order counts',
    cure: rebuild,
  },
  line_missing: {
    title: 'A line of an order that counts is not in the tables',
    cure: rebuild,
  },
  line_unfounded: {
    title: 'The tables hold a line that its order does not have',
    cure: rebuild,
  },
  line_doubled: {
    title: 'The tables hold a line more than once',
    cure: rebuild,
  },
  line_differs: {
    title: 'A line in the tables is not as the segment file has it, or contradicts itself',
    cure: rebuild,
  },
  lines_unbalanced: {
    title: 'The lines of an order do not add up to it',
    cure: rebuild,
  },
  place_differs: {
    title: 'An order counts in another place or on another date than its store, address and customer say',
    cure: rebuild,
  },
  day_differs: {
    title: 'The lines of a business date do not add up to its orders',
    cure: rebuild,
  },
  book_differs: {
    title: 'The book of a day and source says other than files and tables',
    cure: rebuild,
  },
  totals_differ: {
    title: 'Ledger, books and tables do not add up to the same',
    cure: rebuild,
  },
  quarantine_missing: {
    title: 'A rejected record is not in quarantine',
    cure: rebuild,
  },
  quarantine_unfounded: {
    title: 'Quarantine holds a record that no segment file has',
    cure: rebuild,
  },
  quarantine_doubled: {
    title: 'Quarantine holds a record more than once',
    cure: rebuild,
  },
  quarantine_differs: {
    title: 'A record in quarantine is not as the segment files have it',
    cure: rebuild,
  },
} as const;

export type BookProblemCode = keyof typeof bookProblems;

export const BookProblemSchema = Type.Object({
  code: Type.Enum(Object.keys(bookProblems) as BookProblemCode[]),
  where: Type.String({ description: 'File, record, order or day' }),
  message: Type.String({ description: 'What differs, by how much, and what to do' }),
});
export type BookProblem = Static<typeof BookProblemSchema>;

const count = (description: string) => Type.Integer({ minimum: 0, description });

export const VerificationSchema = Type.Object(
  {
    ok: Type.Boolean({ description: 'Nothing is wrong with what could be checked' }),
    days: Type.Array(
      Type.Object({
        ...BookSchema.properties,
        in_flight: count('Durable and not loaded when the verification began; received counts them too'),
      }),
    ),
    problems: Type.Array(BookProblemSchema, { description: 'The first 1,000' }),
    problem_counts: Type.Record(Type.String(), Type.Integer(), { description: 'All of them, by code' }),
    notes: Type.Array(Type.String(), { description: 'What is worth knowing and no problem' }),
    checked: Type.Object({
      segments: count('Segment files, every byte read'),
      archive_batches: count('Batches of the archive, every byte read'),
      records: count('Records in both; one that lies in both counts twice'),
      bytes: count('Bytes read'),
      seconds: Type.Number(),
      unproven_segments: count('Loaded segment files whose bytes are gone or damaged: only the tables speak of them'),
      unproven_records: count('Their records, by the ledger'),
      segments_before_books: count('Segment files from before the books: only their number of records is known'),
      removed_from_quarantine: count('Replayed or dropped records that are no longer kept in quarantine'),
    }),
  },
  { description: 'What a verification of the books found' },
);
/** The result of `slicehouse verify`. */
export type Verification = Static<typeof VerificationSchema>;

/** How far a verification has come: so many of `total` of its step. */
export interface VerificationProgress {
  readonly step: 'tables' | 'segment_files' | 'archive' | 'comparison';
  readonly done: number;
  readonly total: number;
}

/** A line of the answer of `POST /v1/verify`: progress, and at last the result, or the problem that ended it. */
export type VerificationLine =
  | { readonly progress: VerificationProgress }
  | { readonly result: Verification }
  | { readonly problem: Problem };
