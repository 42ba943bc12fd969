import { beforeAll, describe, expect, it } from 'vitest';
import { ask, testHouses } from '../../test/support/houses.ts';
import { errorCodes } from '../contract/errors.ts';
import { OrderSchema } from '../contract/order.ts';
import { PipelineSchema } from '../contract/pipeline.ts';
import { catalogue } from '../reports/catalogue.ts';

interface Operation {
  summary?: string;
  tags?: string[];
  parameters?: { name: string; in: string; schema: unknown }[];
  requestBody?: { content: Record<string, { schema: unknown }> };
  responses?: Record<string, { description?: string; content?: unknown }>;
}

interface Document {
  openapi: string;
  info: { title: string; version: string };
  paths: Record<string, Record<string, Operation>>;
}

const newHouse = testHouses();
let document: Document;
let text: string;
beforeAll(async () => {
  const answer = await ask(await newHouse(), '/openapi.json');
  document = answer.json;
  text = answer.text;
});

const operations = (): [string, Operation][] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, Operation] => [
      `${method.toUpperCase()} ${path}`,
      operation,
    ]),
  );

describe('/openapi.json', () => {
  it('is an OpenAPI 3.1 document with a summary and a tag for each call', () => {
    expect(document).toMatchObject({ openapi: '3.1.0', info: { title: 'Slicehouse', version: expect.any(String) } });
    for (const [name, { summary, tags, responses }] of operations()) {
      expect(`${name} ${summary}`).not.toContain('undefined');
      expect(tags).toHaveLength(1);
      for (const answer of Object.values(responses ?? {})) expect(answer.description).toEqual(expect.any(String));
    }
  });

  it('has every call there is', () => {
    expect(operations().map(([name]) => name)).toEqual(
      expect.arrayContaining([
        'POST /v1/orders',
        'GET /v1/reports',
        ...catalogue.map(({ name }) => `GET /v1/reports/${name}`),
        'GET /v1/pipeline',
        'GET /v1/events',
        'GET /v1/quarantine',
        'GET /v1/quarantine/{id}',
        'POST /v1/quarantine/{id}/replay',
        'POST /v1/quarantine/replay',
        'POST /v1/quarantine/drop',
        'DELETE /v1/quarantine/{id}',
        'GET /v1/receipts/{receipt}',
        'PUT /v1/reference/stores',
        'PUT /v1/reference/customers',
      ]),
    );
  });

  it('shows the order as the contract has it', () => {
    const content = document.paths['/v1/orders']?.['post']?.requestBody?.content ?? {};
    expect(content['application/json']?.schema).toEqual(JSON.parse(JSON.stringify(OrderSchema)));
  });

  it('shows the pipeline as the contract has it', () => {
    const { content } = document.paths['/v1/pipeline']?.['get']?.responses?.['200'] ?? {};
    const shown = (content as Record<string, { schema: unknown }> | undefined)?.['application/json']?.schema;
    expect(shown).toEqual(JSON.parse(JSON.stringify(PipelineSchema)));
  });

  it('shows the parameters of each report', () => {
    for (const { name, parameters } of catalogue) {
      const shown = document.paths[`/v1/reports/${name}`]?.['get']?.parameters?.map((parameter) => parameter.name);
      expect(shown).toEqual([...Object.keys(parameters), 'format']);
    }
  });

  it('names every error code', () => {
    for (const code of Object.keys(errorCodes)) expect(text).toContain(`"${code}"`);
  });

  it('points nowhere that is not in it', () => {
    for (const [, pointer = ''] of text.matchAll(/"\$ref":"#\/([^"]+)"/g)) {
      const found = pointer
        .split('/')
        .reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], document);
      expect(found, pointer).toBeDefined();
    }
  });
});
