import Type, { type Static } from 'typebox';
import type { ReferenceTable } from '../source.ts';
import { entities } from './entities.ts';

const closed = { additionalProperties: false } as const;
const name = (description: string) => Type.String({ minLength: 1, maxLength: 64, description });
const path = (description: string) => Type.String({ minLength: 1, maxLength: 4096, description });
const orFalse = <T extends Type.TSchema>(schema: T, description: string) =>
  Type.Union([schema, Type.Literal(false)], { description });

const ConnectionSchema = Type.Object(
  {
    host: Type.String({ minLength: 1, maxLength: 255, description: 'Name or address of the server' }),
    port: Type.Optional(Type.Integer({ minimum: 1, maximum: 65_535, description: 'Default 3306' })),
    user: Type.String({ minLength: 1, maxLength: 80, description: 'An account that may only SELECT' }),
    database: name('Database (schema) of the tables'),
    password_file: Type.Optional(path('File with the password; default: the variable SLICEHOUSE_MYSQL_PASSWORD')),
    ssl: Type.Optional(Type.Enum(['on', 'off'], { description: 'TLS; default on, for a server on this machine off' })),
    ca: Type.Optional(path('File of certificates (PEM) to trust; default: those that Node trusts')),
    auth: Type.Optional(Type.Enum(['password', 'iam'], { description: 'Default password; iam for Amazon RDS' })),
    region: Type.Optional(name('AWS region of the server, for auth: iam')),
  },
  closed,
);

function sectionSchema(table: ReferenceTable) {
  const columns: Record<string, ReturnType<typeof columnSchema>> = {};
  for (const field of Object.keys(entities[table].fields)) columns[field] = columnSchema(field);
  return Type.Object(
    {
      table: Type.Optional(name(`Name of the table or view; default ${table}`)),
      watermark: Type.Optional(
        orFalse(name('Column with the time of the last change'), 'Default updated_at if there is one; false: none'),
      ),
      columns: Type.Optional(Type.Object(columns, closed)),
    },
    closed,
  );
}

function columnSchema(field: string) {
  return Type.Optional(orFalse(name('Name of the column'), `Column of ${field}; default ${field}; false: none`));
}

/** How the tables of a MySQL server become reference data. docs/sources.md explains each member. */
export const MySqlMappingSchema = Type.Object(
  {
    connection: ConnectionSchema,
    zone: Type.Optional(Type.String({ minLength: 1, description: 'IANA time zone of DATETIME columns' })),
    overlap_minutes: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 10_080,
        description: 'How far behind the watermark to read again; default 10',
      }),
    ),
    stores: Type.Optional(optionalSection('stores')),
    customers: Type.Optional(optionalSection('customers')),
    menu_items: Type.Optional(optionalSection('menu_items')),
  },
  closed,
);

function optionalSection(table: ReferenceTable) {
  return orFalse(sectionSchema(table), `How ${table} are kept; false: they are not`);
}

export type MySqlMapping = Static<typeof MySqlMappingSchema>;
export type Connection = Static<typeof ConnectionSchema>;
export type Section = Exclude<MySqlMapping[ReferenceTable], false | undefined>;
