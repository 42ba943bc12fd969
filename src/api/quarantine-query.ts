import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { quarantineStatuses } from '../contract/answers.ts';
import { type Fault, SlicehouseError } from '../contract/errors.ts';

const text = (description: string) => Type.Optional(Type.String({ maxLength: 64, description }));

/** The parameters of `GET /v1/quarantine`, as JSON Schema. */
export const QuarantineQuerySchema = Type.Object(
  {
    status: Type.Optional(Type.Enum([...quarantineStatuses, 'all'], { description: 'Default waiting' })),
    code: text('Only records with this code'),
    source: text('Only records of this source'),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000, description: 'Records a page; default 100' })),
    after: Type.Optional(
      Type.String({ pattern: '^\\d{1,14}-.{1,64}$', description: 'What the page before gave as next' }),
    ),
  },
  { additionalProperties: false },
);
export type QuarantineQuery = Static<typeof QuarantineQuerySchema>;
const schema = Compile(QuarantineQuerySchema);

/**
 * Reads the query string. What is written empty is left out.
 *
 * @throws SlicehouseError `invalid_parameter` with every mistake
 */
export function readQuarantineQuery(query: unknown): QuarantineQuery {
  const written = Object.entries(query as Record<string, unknown>).filter(([, value]) => value !== '');
  const values = Object.fromEntries(
    written.map(([name, value]) => [name, name === 'limit' && /^\d{1,6}$/.test(String(value)) ? Number(value) : value]),
  );
  if (schema.Check(values)) return values;
  const known = Object.keys(QuarantineQuerySchema.properties);
  const unknown = Object.keys(values).filter((name) => !known.includes(name));
  const faults: Fault[] = [
    ...unknown.map((path) => ({ path, message: `is not a parameter here; there are ${known.join(', ')}` })),
    ...schema
      .Errors(values)
      .filter(({ instancePath }) => known.includes(instancePath.slice(1)))
      .map(({ instancePath, message, keyword, params }) => ({
        path: instancePath.slice(1),
        message: keyword === 'enum' ? `must be one of ${allowed(params)}` : message,
      })),
  ];
  const detail = faults.map((fault) => `${fault.path} ${fault.message}.`).join(' ');
  throw new SlicehouseError('invalid_parameter', detail, { errors: faults });
}

function allowed(params: object): string {
  return (params as { allowedValues?: readonly string[] }).allowedValues?.join(', ') ?? '';
}

/** A place between two records, newest first. */
export interface Cursor {
  readonly acceptedAt: string;
  readonly id: string;
}

export function writeCursor({ acceptedAt, id }: Cursor): string {
  return `${Date.parse(acceptedAt)}-${id}`;
}

/** Reads what `writeCursor` wrote. The query's pattern keeps it to times that exist. */
export function readCursor(written: string): Cursor {
  const dash = written.indexOf('-');
  return { acceptedAt: new Date(Number(written.slice(0, dash))).toISOString(), id: written.slice(dash + 1) };
}
