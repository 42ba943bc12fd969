import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';

const text = Type.String();
const textOrNull = Type.Union([Type.String(), Type.Null()]);
const integer = Type.Integer({ minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER });
/** COPY reads no instant before 1970. */
const instant = Type.Integer({
  minimum: 0,
  maximum: Date.parse('9999-12-31T23:59:59.999Z'),
});
const instantOrNull = Type.Union([instant, Type.Null()]);

const OrderShape = Type.Object({
  type: Type.Literal('order'),
  order_key: Type.String({ pattern: '^-?[0-9]{1,19}$' }),
  source: text,
  order_id: text,
  revision: integer,
  status: Type.Union([Type.Literal('placed'), Type.Literal('voided')]),
  ordered_at_ms: instant,
  utc_offset_minutes: integer,
  store_id: text,
  customer_id: textOrNull,
  channel: text,
  deliver_state: textOrNull,
  deliver_city: textOrNull,
  deliver_zip: textOrNull,
  promised_at_ms: instantOrNull,
  completed_at_ms: instantOrNull,
  lines: Type.Object({
    kind: Type.Array(text, { minItems: 1 }),
    menu_item: Type.Array(textOrNull),
    size: Type.Array(text),
    combination: Type.Array(textOrNull),
    quantity: Type.Array(integer),
    gross_cents: Type.Array(integer),
    discount_cents: Type.Array(integer),
  }),
  replays: Type.Optional(text),
  accepted_at_ms: instant,
});

const RejectShape = Type.Object({
  type: Type.Literal('reject'),
  quarantine_id: text,
  source: text,
  code: text,
  reason: text,
  origin: textOrNull,
  bytes: text,
  accepted_at_ms: instant,
});

const DropShape = Type.Object({ type: Type.Literal('drop'), quarantine_id: text, accepted_at_ms: instant });

/** A delivered record whose members have the types that its rows need; whether they fit their columns, COPY tells. */
export type ShapedOrder = Static<typeof OrderShape>;
export type ShapedReject = Static<typeof RejectShape>;
export type ShapedRecord = ShapedOrder | ShapedReject | Static<typeof DropShape>;

const shapes = { order: Compile(OrderShape), reject: Compile(RejectShape), drop: Compile(DropShape) };

/** @returns the record, or a sentence on why it is none */
export function shapeRecord(value: unknown): ShapedRecord | string {
  const type = (value as { type?: unknown } | null)?.type;
  if (type !== 'order' && type !== 'reject' && type !== 'drop') return 'It is no order, reject or drop.';
  const shape = shapes[type];
  if (!shape.Check(value)) {
    const [fault] = shape.Errors(value);
    return `${fault?.instancePath ?? ''} ${fault?.message ?? 'is wrong'}.`.trim();
  }
  if (value.type === 'order') return lengthFault(value) ?? value;
  return value;
}

function lengthFault({ lines }: ShapedOrder): string | undefined {
  const lengths = new Set(Object.values(lines).map((list) => list.length));
  return lengths.size === 1 ? undefined : '/lines has lists of several lengths.';
}
