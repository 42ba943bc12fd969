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
