import Type from 'typebox';
import { Compile } from 'typebox/compile';
import { ProblemSchema } from '../contract/answers.ts';
import { SlicehouseError } from '../contract/errors.ts';
import { limits } from '../contract/limits.ts';
import type { Access } from '../http/access.ts';
import type { App } from '../http/create-app.ts';
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

/** `POST /v1/quarantine`: for commands that bring records and find some that cannot be taken. */
export function quarantineRoutes(app: App, ingest: Ingest, access: Access): void {
  const schema = {
    summary: 'Put records into quarantine',
    tags: ['operations'],
    body: RejectsSchema,
    response: { 202: Type.Object({ quarantined: Type.Integer() }), default: ProblemSchema },
  };
  app.post('/v1/quarantine', { schema }, async (request, reply) => {
    access.require(request, 'admin');
    if (!rejects.Check(request.body)) {
      const [first] = rejects.Errors(request.body);
      throw new SlicehouseError('invalid_parameter', `${first?.instancePath} ${first?.message}.`);
    }
    const { source, rejects: list } = request.body;
    const records = list.map(({ bytes_base64, ...rest }) => ({ ...rest, bytes: Buffer.from(bytes_base64, 'base64') }));
    await ingest.quarantine(records, source);
    return reply.code(202).send({ quarantined: list.length });
  });
}
