import Type, { type Static } from 'typebox';
import { type ErrorCode, errorCodes } from './errors.ts';

const codes = Object.keys(errorCodes) as ErrorCode[];

export const FaultSchema = Type.Object({
  path: Type.String({ description: 'JSON Pointer into the order, or the name of a parameter' }),
  message: Type.String(),
});

/** RFC 9457. */
export const ProblemSchema = Type.Object(
  {
    type: Type.String({ description: 'Address of the explanation' }),
    title: Type.String(),
    status: Type.Integer(),
    code: Type.Enum(codes, { description: 'Stable: programs should look at this' }),
    detail: Type.String({ description: 'What is wrong here and how to mend it' }),
    errors: Type.Optional(Type.Array(FaultSchema)),
  },
  { description: 'A problem document (RFC 9457)' },
);
export type Problem = Static<typeof ProblemSchema>;

export const OrderAnswerSchema = Type.Object(
  {
    receipt: Type.String({ description: 'The same for the same source, order_id and revision' }),
    order_id: Type.String(),
    revision: Type.Integer(),
  },
  { description: 'The order is on disk' },
);
export type OrderAnswer = Static<typeof OrderAnswerSchema>;

export const RejectionSchema = Type.Object({
  line: Type.Integer({ description: 'Line of the body, from 1' }),
  code: Type.Enum(codes),
  errors: Type.Array(FaultSchema),
});
export type Rejection = Static<typeof RejectionSchema>;

export const BatchAnswerSchema = Type.Object(
  {
    accepted: Type.Integer({ description: 'Records that are on disk' }),
    rejected: Type.Array(RejectionSchema),
  },
  { description: 'What became of each line of a batch' },
);
export type BatchAnswer = Static<typeof BatchAnswerSchema>;

export const FreshnessSchema = Type.Object({
  visible_through: Type.Union([Type.String(), Type.Null()], {
    description: 'Every order accepted up to this instant is counted; null before the first',
  }),
  data_version: Type.Integer({ description: 'Grows with every load; equal versions mean equal rows' }),
});

/** Sent on `GET /v1/events` as event `visible`. */
export const VisibleEventSchema = Type.Object({
  visible_through: Type.Union([Type.String(), Type.Null()]),
  data_version: Type.Integer(),
  orders: Type.Integer({ description: 'Orders that became visible in this step' }),
  freshness_ms: Type.Integer({ description: 'From the acceptance of the oldest of them until now' }),
});
export type VisibleEvent = Static<typeof VisibleEventSchema>;

const instantOrNull = (description: string) =>
  Type.Union([Type.String(), Type.Null()], { description: `${description}, RFC 3339; null before` });
const textOrNull = (description: string) => Type.Union([Type.String(), Type.Null()], { description });

export const quarantineStatuses = ['waiting', 'replayed', 'dropped'] as const;
export type QuarantineStatus = (typeof quarantineStatuses)[number];

const quarantined = {
  id: Type.String({ description: 'Of source, origin and bytes: the same reject twice is one record' }),
  source: Type.String(),
  code: Type.String({ description: 'Why it could not be taken' }),
  reason: Type.String({ description: 'What was wrong, one sentence a fault' }),
  origin: textOrNull('File and row, or null for a record that came over HTTP'),
  accepted_at: Type.String({ description: 'When it first came' }),
  arrivals: Type.Integer({ description: 'How often these bytes came' }),
  status: Type.Enum([...quarantineStatuses]),
  resolved_at: instantOrNull('When its replay or drop was loaded'),
  bytes: Type.Integer({ description: 'Size in bytes' }),
};

export const QuarantinedSchema = Type.Object({
  ...quarantined,
  text: textOrNull('The first 2,000 characters; null when they are not UTF-8'),
});
export type Quarantined = Static<typeof QuarantinedSchema>;

export const QuarantineAnswerSchema = Type.Object(
  {
    quarantine: Type.Array(QuarantinedSchema),
    total: Type.Integer({ description: 'Records of this selection, on this page and on others' }),
    next: textOrNull('What to pass as after for the next page; null on the last'),
    counts: Type.Array(Type.Object({ code: Type.String(), source: Type.String(), waiting: Type.Integer() }), {
      description: 'Everything that waits, by code and source, whatever the selection; the 1,000 most frequent',
    }),
  },
  { description: 'A page of quarantine, newest first' },
);
export type QuarantineAnswer = Static<typeof QuarantineAnswerSchema>;

export const QuarantinedRecordSchema = Type.Object(
  {
    ...quarantined,
    text: textOrNull('The whole text; null when the bytes are not UTF-8'),
    bytes_base64: Type.String({ description: 'The exact bytes' }),
    faults: Type.Array(FaultSchema, { description: 'What is wrong with it now; empty when it would be taken' }),
  },
  { description: 'A record in quarantine, whole' },
);
export type QuarantinedRecord = Static<typeof QuarantinedRecordSchema>;

export const ReplayAllAnswerSchema = Type.Object(
  {
    replayed: Type.Integer({ description: 'Records that are orders now, on disk' }),
    refused: Type.Array(Type.Object({ id: Type.String(), code: Type.Enum(codes), errors: Type.Array(FaultSchema) }), {
      description: 'The first 100 of those that are still wrong and stay',
    }),
    refused_total: Type.Integer(),
  },
  { description: 'What became of the records that matched' },
);
export type ReplayAllAnswer = Static<typeof ReplayAllAnswerSchema>;

export const receiptOutcomes = ['loaded', 'superseded', 'in_flight', 'quarantined', 'replayed', 'dropped'] as const;

export const ReceiptSchema = Type.Object(
  {
    receipt: Type.String({ description: 'As asked: a receipt, or the id of a record in quarantine' }),
    order_id: textOrNull('Null for a record in quarantine'),
    revision: Type.Union([Type.Integer(), Type.Null()], { description: 'Null for a record in quarantine' }),
    source: Type.String(),
    outcome: Type.Enum([...receiptOutcomes], {
      description:
        'loaded: this revision counts; superseded: a higher one does; in_flight: on disk, not loaded yet; of a record in quarantine: quarantined, replayed or dropped',
    }),
    duplicates: Type.Integer({ description: 'How often the same came again' }),
    accepted: instantOrNull('When it was accepted; of a replayed order, when its record first came'),
    delivered: instantOrNull('When its segment file was sealed'),
    loaded: instantOrNull('When its segment file was loaded'),
    visible: instantOrNull('From when on reports count it'),
    resolved: instantOrNull('Of a record in quarantine: when its replay or drop was loaded'),
  },
  { description: 'How far a record has come' },
);
export type Receipt = Static<typeof ReceiptSchema>;
