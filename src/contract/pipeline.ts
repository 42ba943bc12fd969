import Type, { type Static, type TSchema } from 'typebox';
import { DataCheckStateSchema, NextRefreshSchema, RefreshRunSchema } from './refresh.ts';

const count = (description: string) => Type.Integer({ minimum: 0, description });
const orNull = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()]);
const day = Type.String({ description: 'UTC day of acceptance, YYYY-MM-DD' });

/** What became of records: the parts of every book. */
const outcomes = {
  received: count('Records that the stream took: orders and rejects'),
  loaded: count('Became the newest revision of their order'),
  duplicates: count('Came a second time'),
  superseded: count('Came after a higher revision of their order'),
  quarantined: count('Could not be taken'),
};
const inFlight = count('Durable and not loaded yet');

export const BookDaySchema = Type.Object({
  day,
  ...outcomes,
  in_flight: inFlight,
  balanced: Type.Boolean({
    description: 'received = loaded + duplicates + superseded + quarantined + in_flight',
  }),
});
/** The books of one day, summed over sources. Everything in flight stands on the day of asking. */
export type BookDay = Static<typeof BookDaySchema>;

export const BookSchema = Type.Object({ day, source: Type.String(), ...outcomes });
/** One day and source; what is in flight is not in it yet. */
export type Book = Static<typeof BookSchema>;

export const ArchiveSummarySchema = Type.Object({
  batches: count('Batches of loaded segment files'),
  records: count('Records in them'),
  bytes: count('Bytes on disk'),
  newest: orNull(Type.String({ description: 'When the newest batch was written; null before the first' })),
});
export type ArchiveSummary = Static<typeof ArchiveSummarySchema>;

export const CompactionStateSchema = Type.Object({
  running: Type.Boolean(),
  due: Type.Boolean({ description: 'Enough was loaded since the last time; it begins when loading leaves room' }),
  lines: count('Order lines that are done'),
  total: count('Order lines to do'),
  last_at: orNull(Type.String({ description: 'When the last one ended' })),
});
export type CompactionState = Static<typeof CompactionStateSchema>;

export const PipelineSchema = Type.Object(
  {
    visible_through: orNull(Type.String({ description: 'Every order accepted up to this instant is counted' })),
    data_version: Type.Integer({ description: 'Grows with every load' }),
    freshness: Type.Object(
      {
        p50_ms: orNull(Type.Number()),
        p99_ms: orNull(Type.Number()),
        max_ms: orNull(Type.Number()),
        records: count('How many of the newest records the figures are of'),
      },
      { description: 'From the acceptance of a record until a report that starts then counts it' },
    ),
    backlog: Type.Object(
      {
        bufferedBytes: count('Received, not durable yet'),
        waitingSegments: count('Sealed segment files that wait to be loaded'),
        unloadedRecords: inFlight,
        waitingBytes: count('Size of the segment files that wait'),
        oldestWaitingMs: orNull(Type.Number({ description: 'Age of the oldest of them since it was sealed' })),
        refusing: orNull(Type.Enum(['overloaded', 'storage_full'], { description: 'Why no more is taken now' })),
      },
      { description: 'What is on its way' },
    ),
    quarantine: Type.Object({
      waiting: count('Records that wait to be mended or dropped'),
      replayed: count('Records that became an order after all'),
      dropped: count('Records that were given up'),
    }),
    in_flight: inFlight,
    days: Type.Array(BookDaySchema, { description: 'The newest 92 days' }),
    books: Type.Array(BookSchema, { description: 'The same days by source, the newest 1,000 rows' }),
    books_truncated: Type.Boolean({ description: 'There are more rows than books shows' }),
    archive: orNull(ArchiveSummarySchema),
    compaction: orNull(CompactionStateSchema),
    refreshes: Type.Array(RefreshRunSchema, { description: 'The last refreshes, the newest first' }),
    checks: Type.Array(DataCheckStateSchema, { description: 'Every data check with its last result' }),
    next_refresh: orNull(NextRefreshSchema),
  },
  { description: 'What the pipeline is doing, and whether its books balance' },
);
/** The answer of `GET /v1/pipeline`. */
export type PipelineAnswer = Static<typeof PipelineSchema>;
/** The part of it that tells of the refresh. */
export type RefreshState = Pick<PipelineAnswer, 'refreshes' | 'checks' | 'next_refresh'>;
