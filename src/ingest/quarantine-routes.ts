import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { OrderAnswerSchema, ProblemSchema, ReplayAllAnswerSchema } from '../contract/answers.ts';
import { SlicehouseError } from '../contract/errors.ts';
import { limits } from '../contract/limits.ts';
import { OrderSchema } from '../contract/order.ts';
import type { Access } from '../http/access.ts';
import type { App } from '../http/create-app.ts';
import type { QuarantineSelection } from './kept-records.ts';
import type { Quarantine } from './quarantine.ts';
import type { Ingest } from './take-orders.ts';

const RejectsSchema = Type.Object({
  source: Type.String({ minLength: 1, maxLength: 64 }),
  rejects: Type.Array(
    Type.Object({
      origin: Type.Union([Type.String({ maxLength: 1000 }), Type.Null()], { description: 'File and row' }),
      code: Type.String({ minLength: 1, maxLength: 64 }),
      reason: Type.String({ maxLength: 4000 }),
      bytes_base64: Type.String({ description: 'The exact bytes' }),
    }),
    { maxItems: limits.batchOrdersMax },
  ),
});
const rejects = Compile(RejectsSchema);

const SelectionSchema = Type.Object(
  {
    code: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    source: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    all: Type.Optional(Type.Boolean({ description: 'Must be true where neither code nor source narrows it' })),
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 10_000_000, description: 'Records, the oldest first; default all' }),
    ),
  },
  { additionalProperties: false },
);
const selections = Compile(SelectionSchema);

/** Everything that changes quarantine: records in, and records out as orders or for good. */
export function quarantineRoutes(app: App, ingest: Ingest, quarantine: Quarantine, access: Access): void {
  app.post('/v1/quarantine', { schema: description.put }, async (request, reply) => {
    access.require(request, 'admin');
    if (!rejects.Check(request.body)) throw invalidBody(rejects.Errors(request.body));
    const { source, rejects: list } = request.body;
    const records = list.map(({ bytes_base64, ...rest }) => ({ ...rest, bytes: Buffer.from(bytes_base64, 'base64') }));
    await ingest.quarantine(records, source);
    return reply.code(202).send({ quarantined: list.length });
  });
  app.post('/v1/quarantine/replay', { schema: description.replayAll }, async (request, reply) => {
    access.require(request, 'admin');
    return reply.code(202).send(await quarantine.replayAll(selectionOf(request.body)));
  });
  app.post('/v1/quarantine/drop', { schema: description.dropAll }, async (request, reply) => {
    access.require(request, 'admin');
    return reply.code(202).send({ dropped: await quarantine.dropAll(selectionOf(request.body)) });
  });
  app.delete<WithId>('/v1/quarantine/:id', { schema: description.drop }, async (request, reply) => {
    access.require(request, 'admin');
    await quarantine.drop(request.params.id);
    return reply.code(202).send({ id: request.params.id });
  });
  replayRoute(app, quarantine, access);
  app.addHook('preClose', () => quarantine.close());
}

interface WithId {
  Params: { id: string };
}

/** Takes its body as bytes, like the door for orders. */
function replayRoute(app: App, quarantine: Quarantine, access: Access): void {
  // biome-ignore lint/nursery/noMisusedPromises: Fastify waits for plugins that return a promise
  app.register(async (replays) => {
    replays.removeAllContentTypeParsers();
    replays.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    replays.post<WithId>('/v1/quarantine/:id/replay', { schema: description.replay }, async (request, reply) => {
      access.require(request, 'admin');
      const body = request.body as Buffer | undefined;
      const corrected = body && body.length > 0 ? body : undefined;
      return reply.code(202).send(await quarantine.replay(request.params.id, corrected));
    });
  });
}

const tags = ['operations'];
const description = {
  put: {
    summary: 'Put records into quarantine',
    description: 'For programs that bring records and find some that cannot be taken.',
    tags,
    body: RejectsSchema,
    response: { 202: Type.Object({ quarantined: Type.Integer() }), default: ProblemSchema },
  },
  replay: {
    summary: 'Replay a record from quarantine as an order',
    description:
      'Without a body its exact bytes are judged again; with one, the corrected order takes their place. It counts from the time at which the record first came. 202 means: on disk. What is still wrong stays.',
    tags,
    body: OrderSchema,
    response: { 202: OrderAnswerSchema, default: ProblemSchema },
  },
  replayAll: {
    summary: 'Replay all waiting records that match, as they are',
    description: 'Needs code, source or all. A call that breaks off can be repeated.',
    tags,
    body: SelectionSchema,
    response: { 202: ReplayAllAnswerSchema, default: ProblemSchema },
  },
  drop: {
    summary: 'Drop a record from quarantine',
    tags,
    response: { 202: Type.Object({ id: Type.String() }), default: ProblemSchema },
  },
  dropAll: {
    summary: 'Drop all waiting records that match',
    description: 'Needs code, source or all. A call that breaks off can be repeated.',
    tags,
    body: SelectionSchema,
    response: { 202: Type.Object({ dropped: Type.Integer() }), default: ProblemSchema },
  },
};

function selectionOf(body: unknown): QuarantineSelection {
  if (!selections.Check(body)) throw invalidBody(selections.Errors(body));
  const { all, ...selection }: Static<typeof SelectionSchema> = body;
  if (all !== true && selection.code === undefined && selection.source === undefined) {
    throw new SlicehouseError('invalid_parameter', 'Name a code or a source, or say "all": true for everything.');
  }
  return selection;
}

function invalidBody([first]: readonly { instancePath: string; message: string }[]): SlicehouseError {
  return new SlicehouseError('invalid_parameter', `${first?.instancePath || 'The body'} ${first?.message}.`);
}
