import { beforeAll, describe, expect, it } from 'vitest';
import { ask, post, postLines, testHouses } from '../../test/support/houses.ts';
import { anOrder, aPizza } from '../../test/support/orders.ts';
import type { House } from '../apps/house.ts';
import { catalogue } from '../reports/catalogue.ts';

const newHouse = testHouses();
let house: House;
beforeAll(async () => {
  house = await newHouse();
  const ham = aPizza({ toppings: [{ name: 'ham', portion: 'left' }], quantity: 3, unit_price_cents: 1001 });
  await postLines(house, [
    anOrder({ order_id: 'A-1', customer_id: 'c-1', lines: [ham, aPizza()] }),
    anOrder({ order_id: 'A-2', customer_id: 'c-2', discount_cents: 1, lines: [ham] }),
    anOrder({ order_id: 'A-3', deliver_to: { state: 'CA' }, lines: [aPizza()] }),
  ]);
  await house.settled();
});

describe('top-combinations', () => {
  it('answers with its parameters, its freshness and the best three rows', async () => {
    const { status, json } = await ask(house, '/v1/reports/top-combinations?state=tx&from=2026-02-08');
    expect(status).toBe(200);
    expect(json).toMatchObject({
      report: 'top-combinations',
      parameters: { state: 'TX', from: '2026-02-08', limit: 3 },
      freshness: { visible_through: expect.stringMatching(/Z$/), data_version: expect.any(Number) },
    });
    expect(json.rows).toEqual([
      {
        rank: 1,
        combination: 'thin|unspecified|unspecified|ham/left',
        label: 'Thin · ham (left half)',
        crust: 'thin',
        sauce: 'unspecified',
        cheese: 'unspecified',
        toppings: [{ name: 'ham', portion: 'left', amount: 'regular' }],
        pizzas: 6,
        revenue_cents: 6005,
        revenue_per_pizza_cents: 1001,
        unique_customers: 2,
      },
      expect.objectContaining({ rank: 2, pizzas: 1, revenue_cents: 1000, unique_customers: 1 }),
    ]);
  });

  it('of a state without sales is an empty report, not an error', async () => {
    const { status, json } = await ask(house, '/v1/reports/top-combinations?state=WY');
    expect([status, json.rows]).toEqual([200, []]);
  });

  it('says what is allowed when a parameter is not', async () => {
    const { status, json } = await ask(house, '/v1/reports/top-combinations?state=ZZ&limit=0&from=x&what=1');
    expect([status, json.code]).toEqual([422, 'invalid_parameter']);
    expect(json.errors.map((fault: { path: string }) => fault.path).sort()).toEqual(['from', 'limit', 'state', 'what']);
  });

  it('takes SQL for a value that is not allowed', async () => {
    const answer = await ask(house, `/v1/reports/top-combinations?state=${encodeURIComponent("TX' OR 1=1 --")}`);
    expect(answer.status).toBe(422);
  });
});

describe('every report of the catalogue', () => {
  it('is listed with its parameters and columns', async () => {
    const { json } = await ask(house, '/v1/reports');
    expect(json.reports.map((report: { name: string }) => report.name)).toEqual(catalogue.map(({ name }) => name));
    for (const report of json.reports) expect(report.parameters.type).toBe('object');
  });

  it.each(catalogue.map(({ name }) => name))(
    '%s has the columns it promises, in JSON and CSV, with rows and without',
    async (name) => {
      const columns = catalogue.find((report) => report.name === name)?.columns.map((column) => column.name);
      for (const query of ['', '&from=1990-01-01&to=1990-01-02']) {
        const { json } = await ask(house, `/v1/reports/${name}?format=json${query}`);
        for (const row of json.rows) expect(Object.keys(row)).toEqual(columns);
        const csv = (await ask(house, `/v1/reports/${name}?format=csv${query}`)).text.split('\r\n');
        expect(csv[0]).toBe(columns?.join(','));
        expect(csv).toHaveLength(json.rows.length + 2);
      }
    },
  );

  it('that is not there is answered 404 with those that are', async () => {
    const { status, json } = await ask(house, '/v1/reports/constructor');
    expect([status, json.code]).toEqual([404, 'not_found']);
    for (const { name } of catalogue) expect(json.detail).toContain(name);
  });
});

describe('the format', () => {
  const path = '/v1/reports/top-combinations';

  it('csv is a file to save, its JSON column as text', async () => {
    const answer = await ask(house, `${path}?format=csv&state=TX`);
    expect(answer.headers['content-type']).toContain('text/csv');
    expect(answer.headers['content-disposition']).toBe('attachment; filename="top-combinations-TX.csv"');
    expect(answer.text).toContain('"[{""name"":""ham"",""portion"":""left"",""amount"":""regular""}]"');
  });

  it('parquet is a Parquet file, with its number of rows in a header', async () => {
    const answer = await ask(house, `${path}?format=parquet`);
    expect(answer.headers['slicehouse-rows']).toBe('2');
    expect(answer.bytes.subarray(0, 4).toString()).toBe('PAR1');
    expect(answer.bytes.subarray(-4).toString()).toBe('PAR1');
  });

  it.each([
    ['text/csv', 'text/csv; charset=utf-8'],
    ['application/vnd.apache.parquet', 'application/vnd.apache.parquet'],
    ['application/json', 'application/json; charset=utf-8'],
    ['*/*', 'application/json; charset=utf-8'],
  ])('may be said in Accept: %s', async (accept, type) => {
    expect((await ask(house, path, { headers: { accept } })).headers['content-type']).toBe(type);
  });

  it('in the address goes before Accept', async () => {
    const answer = await ask(house, `${path}?format=json`, { headers: { accept: 'text/csv' } });
    expect(answer.json.rows).toHaveLength(2);
  });

  it('that nobody knows is answered with those there are', async () => {
    const { json } = await ask(house, `${path}?format=xml`);
    expect(json).toMatchObject({
      status: 422,
      errors: [{ path: 'format', message: expect.stringContaining('json, csv, parquet') }],
    });
  });
});

describe('an order that is posted', () => {
  it('is in the report well under two seconds later, last month’s too', async () => {
    const own = await newHouse();
    await post(own, anOrder({ ordered_at: '2025-12-24T18:00:00-06:00' }));
    const end = Date.now() + 2000;
    const path = '/v1/reports/sales-summary?from=2025-12-24&to=2025-12-24';
    while ((await ask(own, path)).json.rows[0].orders === 0) expect(Date.now()).toBeLessThan(end);
  });
});
