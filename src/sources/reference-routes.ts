import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BatchAnswer, BatchAnswerSchema, ProblemSchema } from '../contract/answers.ts';
import { SlicehouseError } from '../contract/errors.ts';
import { limits } from '../contract/limits.ts';
import type { Access } from '../http/access.ts';
import type { App } from '../http/create-app.ts';
import { readJson } from '../http/read-json.ts';
import { splitLines } from '../http/split-lines.ts';
import { type Normalised, normaliseCustomer, normaliseStore } from './normalise-reference.ts';
import type { ReferenceSink } from './reference-sink.ts';

export interface ReferenceRoutesOptions {
  readonly sink: ReferenceSink;
  readonly access: Access;
  /** For temporary files. */
  readonly folder: string;
  /** How many of the ZIP codes that are stored are known. */
  readonly matchRate: () => Promise<object>;
}

/** `PUT /v1/reference/stores` and `/customers`: NDJSON, inserted or replaced by id. */
export function referenceRoutes(app: App, { sink, access, folder, matchRate }: ReferenceRoutesOptions): void {
  const schema = { summary: 'How many ZIP codes of stores, customers and orders are known', tags: ['reference data'] };
  app.get('/v1/reference/zip-codes', { schema }, async (request) => {
    access.require(request, 'read');
    return matchRate();
  });
  // biome-ignore lint/nursery/noMisusedPromises: Fastify waits for plugins that return a promise
  app.register(async (reference) => {
    reference.removeAllContentTypeParsers();
    reference.addContentTypeParser('application/x-ndjson', { parseAs: 'buffer' }, (_request, body, done) =>
      done(null, body),
    );
    const kinds = [
      {
        name: 'stores',
        normalise: normaliseStore,
        upsert: (path: string) => sink.upsertStores(path),
      },
      { name: 'customers', normalise: normaliseCustomer, upsert: (path: string) => sink.upsertCustomers(path) },
    ];
    for (const { name, normalise, upsert } of kinds) {
      reference.put(`/v1/reference/${name}`, { schema: describe(name) }, async (request, reply) => {
        access.require(request, 'admin');
        const answer = await take(request.body as Buffer, folder, normalise, upsert);
        return reply.code(answer.accepted === 0 && answer.rejected.length > 0 ? 422 : 200).send(answer);
      });
    }
  });
}

function describe(name: string): object {
  return {
    summary: `Insert or replace ${name}`,
    description: `NDJSON, up to 10,000 ${name}. Orders that they concern are counted where they belong from then on.`,
    tags: ['reference data'],
    consumes: ['application/x-ndjson'],
    response: { 200: BatchAnswerSchema, default: ProblemSchema },
  };
}

async function take(
  body: Buffer | undefined,
  folder: string,
  normalise: (value: unknown) => Normalised,
  upsert: (path: string) => Promise<void>,
): Promise<BatchAnswer> {
  const lines = splitLines(body ?? Buffer.alloc(0));
  if (lines.length > limits.batchOrdersMax) {
    throw new SlicehouseError(
      'payload_too_large',
      `A batch takes ${limits.batchOrdersMax} lines at the most; send it in parts.`,
    );
  }
  const answer: BatchAnswer = { accepted: 0, rejected: [] };
  const records: string[] = [];
  for (const { number, content } of lines) {
    const normalised = judge(content, normalise);
    if ('faults' in normalised)
      answer.rejected.push({ line: number, code: 'invalid_reference', errors: [...normalised.faults] });
    else records.push(JSON.stringify({ ...normalised.record, position: number }));
  }
  if (records.length > 0) await writeAndUpsert(join(folder, `${randomUUID()}.ndjson`), records, upsert);
  answer.accepted = records.length;
  return answer;
}

function judge(content: Buffer, normalise: (value: unknown) => Normalised): Normalised {
  try {
    return normalise(readJson(content));
  } catch (error) {
    if (!(error instanceof SlicehouseError)) throw error;
    return { faults: [{ path: '', message: error.message }] };
  }
}

async function writeAndUpsert(
  path: string,
  records: readonly string[],
  upsert: (path: string) => Promise<void>,
): Promise<void> {
  try {
    await writeFile(path, records.join('\n'));
    await upsert(path);
  } finally {
    await rm(path, { force: true });
  }
}
