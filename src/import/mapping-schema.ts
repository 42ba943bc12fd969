import Type, { type Static } from 'typebox';

const name = (description: string) => Type.String({ minLength: 1, maxLength: 300, description });
const scalar = Type.Union([Type.String(), Type.Number(), Type.Boolean()]);
const valueLists = (description: string) =>
  Type.Record(Type.String(), Type.Array(scalar, { minItems: 1 }), { description });

/** Where the text of a value comes from and what is done with it before it is converted; applied in this order. */
const textMembers = {
  column: Type.Optional(name('Column to read: name, or file.name')),
  columns: Type.Optional(Type.Array(name('Column'), { minItems: 1, description: 'Columns, joined by a space' })),
  template: Type.Optional(name('Text with {column} in it; absent if any of its columns is')),
  constant: Type.Optional(scalar),
  optional: Type.Optional(Type.Boolean({ description: 'The column may be missing from the file' })),
  extract: Type.Optional(name('Regular expression; its first group (or all of its match) becomes the value')),
  values: Type.Optional(Type.Record(Type.String(), scalar, { description: 'Value table: written -> meant' })),
  otherwise: Type.Optional(scalar),
  default: Type.Optional(scalar),
};

const closed = { additionalProperties: false } as const;
const orColumn = <T extends Type.TObject>(object: T) =>
  Type.Union([Type.String({ minLength: 1, maxLength: 300, description: 'Column name' }), object]);

const TextSchema = Type.Object(textMembers, closed);
const TextFieldSchema = orColumn(TextSchema);

const TimeFieldSchema = orColumn(
  Type.Object(
    {
      ...textMembers,
      format: Type.Optional(name('Format such as M/D/YYYY h:mm A; default: the usual ones are recognised')),
      zone: Type.Optional(Type.Union([name('IANA time zone'), TextSchema])),
      time: Type.Optional(Type.String({ pattern: '^\\d\\d:\\d\\d$', description: 'Time of day where only a date is' })),
    },
    closed,
  ),
);

const MoneyFieldSchema = orColumn(
  Type.Object(
    {
      ...textMembers,
      unit: Type.Optional(Type.Enum(['dollars', 'cents'], { description: 'Default dollars' })),
      decimal: Type.Optional(Type.Enum(['.', ','], { description: 'Decimal mark; default a point' })),
      round: Type.Optional(Type.Boolean({ description: 'Round fractions of a cent instead of refusing them' })),
    },
    closed,
  ),
);

const ToppingsFieldSchema = orColumn(
  Type.Object(
    {
      ...textMembers,
      separator: Type.Optional(name('Between two names; default a comma')),
      drop: Type.Optional(Type.Array(name('Name to leave out; * stands for anything'))),
      move: Type.Optional(
        Type.Object(
          {
            sauce: Type.Optional(Type.Array(name('Name that is a sauce; * stands for anything'))),
            cheese: Type.Optional(Type.Array(name('Name that is a cheese; * stands for anything'))),
            crust: Type.Optional(Type.Array(name('Name that is a crust; * stands for anything'))),
          },
          closed,
        ),
      ),
      from: Type.Optional(name('File with a row a topping, joined to the lines')),
      name: Type.Optional(TextFieldSchema),
      portion: Type.Optional(TextFieldSchema),
      amount: Type.Optional(TextFieldSchema),
    },
    closed,
  ),
);

const placeMembers = {
  place: Type.Optional(TextFieldSchema),
  state: Type.Optional(TextFieldSchema),
  city: Type.Optional(TextFieldSchema),
  zip: Type.Optional(TextFieldSchema),
};

const OrderSectionSchema = Type.Object(
  {
    from: Type.Optional(name('File with the columns of the order')),
    wire: Type.Optional(Type.Boolean({ description: 'Rows are orders in the wire format already' })),
    order_id: Type.Optional(TextFieldSchema),
    revision: Type.Optional(TextFieldSchema),
    status: Type.Optional(TextFieldSchema),
    ordered_at: Type.Optional(TimeFieldSchema),
    store_id: Type.Optional(TextFieldSchema),
    customer_id: Type.Optional(TextFieldSchema),
    channel: Type.Optional(TextFieldSchema),
    deliver_to: Type.Optional(Type.Object(placeMembers, closed)),
    promised_at: Type.Optional(TimeFieldSchema),
    completed_at: Type.Optional(TimeFieldSchema),
    discount: Type.Optional(MoneyFieldSchema),
  },
  closed,
);

const LineSectionSchema = Type.Object(
  {
    from: Type.Optional(name('File with a row a line')),
    wire: Type.Optional(Type.Boolean({ description: 'Rows are lines in the wire format already' })),
    kind: Type.Optional(TextFieldSchema),
    menu_item: Type.Optional(TextFieldSchema),
    size: Type.Optional(TextFieldSchema),
    crust: Type.Optional(TextFieldSchema),
    sauce: Type.Optional(TextFieldSchema),
    cheese: Type.Optional(TextFieldSchema),
    toppings: Type.Optional(ToppingsFieldSchema),
    quantity: Type.Optional(TextFieldSchema),
    unit_price: Type.Optional(MoneyFieldSchema),
    line_price: Type.Optional(MoneyFieldSchema),
    discount: Type.Optional(MoneyFieldSchema),
  },
  closed,
);

const StoreSectionSchema = Type.Object(
  {
    from: Type.Optional(name('File with the columns of the stores; default that of the orders')),
    store_id: TextFieldSchema,
    name: Type.Optional(TextFieldSchema),
    ...placeMembers,
    time_zone: Type.Optional(TextFieldSchema),
    latitude: Type.Optional(TextFieldSchema),
    longitude: Type.Optional(TextFieldSchema),
    closeout_hour: Type.Optional(TextFieldSchema),
  },
  closed,
);

export const fileFormats = ['csv', 'ndjson', 'json', 'parquet'] as const;

const FileSchema = Type.Object(
  {
    file: Type.Optional(name('Name of the file on the command line; * and ? stand for anything')),
    format: Type.Optional(Type.Enum([...fileFormats], { description: 'Default by the ending of the name' })),
    encoding: Type.Optional(name('Default: UTF-8 or UTF-16 if it is, else windows-1252')),
    delimiter: Type.Optional(Type.String({ minLength: 1, maxLength: 1, description: 'Default: found in the header' })),
    quote: Type.Optional(Type.String({ maxLength: 1, description: 'Default "' })),
    escape: Type.Optional(Type.String({ minLength: 1, maxLength: 1, description: 'Default: the quote, doubled' })),
    skip_rows: Type.Optional(Type.Integer({ minimum: 0, description: 'Rows above the header' })),
    columns: Type.Optional(Type.Array(name('Column'), { minItems: 1, description: 'Names, if there is no header' })),
    ragged: Type.Optional(Type.Boolean({ description: 'Rows may be shorter than the header' })),
    fill_down: Type.Optional(Type.Array(name('Column whose empty cells repeat the one above'))),
    only: Type.Optional(valueLists('Take only rows where the column has one of the values')),
    skip: Type.Optional(valueLists('Leave out rows where the column has one of the values')),
    join: Type.Optional(Type.Record(Type.String(), Type.String(), { description: 'own column -> file.column' })),
    optional: Type.Optional(Type.Boolean({ description: 'A row may be missing for a key that is looked up' })),
    keep: Type.Optional(Type.Enum(['first', 'last'], { description: 'Which of several rows with one key holds' })),
    each: Type.Optional(name('file.column holding a list: the elements are the rows of this file')),
    separator: Type.Optional(name('Between the elements where the list is text; default: the list is JSON')),
    extract: Type.Optional(name('Regular expression with named groups, which become the columns of an element')),
  },
  closed,
);

/** The mapping of `slicehouse import`: how files of any layout become orders. docs/import.md explains each member. */
export const MappingSchema = Type.Object(
  {
    source: Type.String({
      pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$',
      description: 'Source of the orders: letters, digits, dot, dash and underscore',
    }),
    zone: Type.Optional(name('IANA time zone of times written without an offset')),
    absent: Type.Optional(Type.Array(Type.String(), { description: 'Texts that mean there is no value' })),
    files: Type.Record(Type.String(), FileSchema, { minProperties: 1, description: 'The files, each under a name' }),
    stores: Type.Optional(
      Type.Union([Type.Array(Type.Record(Type.String(), Type.Unknown()), { minItems: 1 }), StoreSectionSchema]),
    ),
    order: OrderSectionSchema,
    line: Type.Optional(LineSectionSchema),
  },
  closed,
);

export type Mapping = Static<typeof MappingSchema>;
export type FileSpec = Static<typeof FileSchema>;
export type FileFormat = (typeof fileFormats)[number];
export type TextField = Static<typeof TextFieldSchema>;
export type TimeField = Static<typeof TimeFieldSchema>;
export type MoneyField = Static<typeof MoneyFieldSchema>;
export type ToppingsField = Static<typeof ToppingsFieldSchema>;
export type OrderSection = Static<typeof OrderSectionSchema>;
export type LineSection = Static<typeof LineSectionSchema>;
export type StoreSection = Static<typeof StoreSectionSchema>;
export type PlaceSection = Pick<StoreSection, 'place' | 'state' | 'city' | 'zip'>;
