import Type, { type Static } from 'typebox';
import { AddressSchema } from './order.ts';

const validFrom = Type.Optional(
  Type.String({
    maxLength: 40,
    description:
      'RFC 3339 instant from which on this holds: orders from before keep the place they had. Absent: what is known is mended for all its time',
  }),
);

/** A store as reference data: where it is decides the state and the local hour its orders count in. */
export const StoreSchema = Type.Object(
  {
    store_id: Type.String({ minLength: 1, maxLength: 64 }),
    name: Type.Optional(Type.String({ maxLength: 120 })),
    state: Type.String({ minLength: 2, maxLength: 40, description: 'State as people write it: TX, tx, Texas' }),
    city: Type.Optional(Type.String({ maxLength: 100 })),
    zip: Type.Optional(Type.String({ maxLength: 10 })),
    time_zone: Type.Optional(
      Type.String({ maxLength: 64, description: 'IANA name; default the most common zone of the state' }),
    ),
    latitude: Type.Optional(Type.Number({ minimum: -90, maximum: 90 })),
    longitude: Type.Optional(Type.Number({ minimum: -180, maximum: 180 })),
    closeout_hour: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 12,
        description: 'Local hour before which sales belong to the day before; default 4',
      }),
    ),
    valid_from: validFrom,
  },
  { description: 'A store of the chain' },
);
export type Store = Static<typeof StoreSchema>;

/** A customer as reference data. No name, mail or street: the reports need none of them. */
export const CustomerSchema = Type.Object(
  {
    customer_id: Type.String({ minLength: 1, maxLength: 64 }),
    home: Type.Optional(AddressSchema),
    valid_from: validFrom,
  },
  { description: 'A customer of the chain' },
);
export type Customer = Static<typeof CustomerSchema>;
