import type { Book, BookDay } from '../contract/pipeline.ts';
import type { Row, Warehouse } from '../warehouse/warehouse.ts';

const daysMax = 92;
const booksMax = 1_000;

/** The newest books, by day and by day and source. */
export interface Books {
  readonly days: BookDay[];
  readonly books: Book[];
  readonly books_truncated: boolean;
}

const sums = `CAST(SUM(received) AS BIGINT) AS received, CAST(SUM(loaded) AS BIGINT) AS loaded,
  CAST(SUM(duplicates) AS BIGINT) AS duplicates, CAST(SUM(superseded) AS BIGINT) AS superseded,
  CAST(SUM(quarantined) AS BIGINT) AS quarantined`;
const daysSql = `SELECT day, ${sums} FROM book GROUP BY day ORDER BY day DESC LIMIT ${daysMax}`;
const booksSql = `
  SELECT day, source, received, loaded, duplicates, superseded, quarantined
  FROM book
  WHERE day >= CAST($oldest AS DATE)
  ORDER BY day DESC, source LIMIT ${booksMax + 1}`;

/**
 * Reads the newest 92 days of the books. Records in flight are in no book yet: they count as received on the day of
 * asking.
 */
export async function readBooks(warehouse: Warehouse, inFlight: number, nowMs: number): Promise<Books> {
  const byDay = (await warehouse.query(daysSql)).map((row) => bookDay(row));
  const today = new Date(nowMs).toISOString().slice(0, 10);
  const days = withInFlight(byDay, today, inFlight).slice(0, daysMax);
  const oldest = days.at(-1)?.day ?? today;
  const books = (await warehouse.query(booksSql, { oldest })) as unknown as Book[];
  return { days, books: books.slice(0, booksMax), books_truncated: books.length > booksMax };
}

function bookDay(row: Row): BookDay {
  const book = row as unknown as Book;
  const balanced = book.received === book.loaded + book.duplicates + book.superseded + book.quarantined;
  return { ...book, in_flight: 0, balanced };
}

function withInFlight(days: readonly BookDay[], today: string, inFlight: number): BookDay[] {
  if (inFlight === 0) return [...days];
  const none = { received: 0, loaded: 0, duplicates: 0, superseded: 0, quarantined: 0, in_flight: 0, balanced: true };
  const known = days.some(({ day }) => day === today) ? days : [...days, { day: today, ...none }];
  return known
    .map((book) =>
      book.day === today ? { ...book, received: book.received + inFlight, in_flight: inFlight } : { ...book },
    )
    .sort((a, b) => (a.day < b.day ? 1 : -1));
}
