import { beforeEach, describe, expect, it } from 'vitest';
import { testMariaDb } from '../../../test/support/mariadb.ts';
import { failureOf, keysOf, readAll } from '../../../test/support/reference-source.ts';
import { MySqlSource } from './mysql-source.ts';
import { readMySqlMapping } from './read-mapping.ts';

const server = testMariaDb();
const sourceOf = (mapping = '', options: { pageRows?: number } = {}): MySqlSource =>
  new MySqlSource({
    mapping: readMySqlMapping(
      `connection: { host: 127.0.0.1, port: ${server().port}, user: reader, database: shop }\n${mapping}`,
      'test.yaml',
    ),
    environment: { SLICEHOUSE_MYSQL_PASSWORD: server().password },
    ...options,
  });

beforeEach(() => server().reset());

const customers = `CREATE TABLE customers (customer_id VARCHAR(64) PRIMARY KEY, state VARCHAR(40), city VARCHAR(100),
  zip VARCHAR(10), updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP)`;
const numberedCustomers = (count: number): string =>
  `INSERT INTO customers (customer_id, state) SELECT CONCAT('c-', seq), 'TX' FROM seq_1_to_${count}`;

describe('values', () => {
  it('are read from tables with the names of the fields, and faulty rows are named beside good ones', async () => {
    await server().run(
      `CREATE TABLE stores (store_id INT PRIMARY KEY, name TEXT, state VARCHAR(40), city VARCHAR(100), zip INT,
         time_zone VARCHAR(64), latitude DECIMAL(9, 6), longitude DOUBLE, closeout_hour TINYINT)`,
      `INSERT INTO stores VALUES (1, 'Pizza 🍕 Zürich', 'calif.', 'Los Ángeles', 90012, NULL, 34.050000, -118.25, 3),
         (2, '', 'Ontario', NULL, NULL, NULL, NULL, NULL, NULL), (3, NULL, 'MA', ' Boston ', 2134, '', NULL, NULL, NULL),
         (4, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL), (5, NULL, 'NY', NULL, NULL, 'Mars/Olympus', 91, NULL, 13)`,
    );
    const { records, faults, end } = await readAll(sourceOf(), 'stores');
    expect(records).toEqual([
      {
        store_id: '1',
        name: 'Pizza 🍕 Zürich',
        state: 'CA',
        city: 'Los Ángeles',
        zip: '90012',
        time_zone: 'America/Los_Angeles',
        latitude: 34.05,
        longitude: -118.25,
        closeout_hour: 3,
        changed_at: null,
      },
      expect.objectContaining({
        store_id: '3',
        name: null,
        state: 'MA',
        city: 'Boston',
        zip: '02134',
        closeout_hour: 4,
      }),
    ]);
    expect(faults.map(({ key, table }) => [key, table])).toEqual([
      ['2', 'stores'],
      ['4', 'stores'],
      ['5', 'stores'],
    ]);
    expect(faults[0]?.faults).toEqual([{ path: '/state', message: 'must be a state of the USA, DC or PR' }]);
    expect(faults[1]?.faults[0]?.message).toContain('state');
    expect(faults[2]?.faults.map(({ path }) => path).sort()).toEqual(['/closeout_hour', '/latitude']);
    expect(end?.isWhole).toBe(true);
  });

  it('of menu items have costs in whole cents, from dollars or from cents', async () => {
    await server().run(
      'CREATE TABLE menu_items (menu_item_id BIGINT UNSIGNED PRIMARY KEY, menu_item VARCHAR(200), kind ENUM("Pizza", "Side"), size TEXT, unit_cost DECIMAL(10, 4))',
      `INSERT INTO menu_items VALUES (18446744073709551615, 'Meat Lovers 🥩', 'Pizza', 'large', 4.1250), (2, 'Knots', 'Side', NULL, 0.994), (3, 'Cola', NULL, '', NULL), (4, NULL, NULL, NULL, -1)`,
    );
    const { records, faults } = await readAll(sourceOf('menu_items: {}'), 'menu_items');
    expect(records).toEqual([
      { menu_item_id: '2', menu_item: 'Knots', kind: 'side', size: null, unit_cost_cents: 99, changed_at: null },
      { menu_item_id: '3', menu_item: 'Cola', kind: null, size: null, unit_cost_cents: null, changed_at: null },
      {
        menu_item_id: '18446744073709551615',
        menu_item: 'Meat Lovers 🥩',
        kind: 'pizza',
        size: 'large',
        unit_cost_cents: 413,
        changed_at: null,
      },
    ]);
    expect(faults.map(({ key }) => key)).toEqual(['4']);
    expect(sourceOf().tables).toEqual(['stores', 'customers']);
  });

  it('without a key are named, and are no keys', async () => {
    await server().run(
      'CREATE TABLE customers (customer_id VARCHAR(80), state TEXT)',
      `INSERT INTO customers VALUES (NULL, 'TX'), ('', 'TX'), ('c-1', 'Texas'), (REPEAT('x', 65), 'TX'), (NULL, NULL)`,
    );
    const { records, faults } = await readAll(sourceOf(), 'customers');
    expect(records).toEqual([
      { customer_id: 'c-1', home_state: 'TX', home_city: null, home_zip: null, changed_at: null },
    ]);
    expect(faults.map(({ key }) => key)).toEqual([null, null, null, 'x'.repeat(65)]);
    expect(await keysOf(sourceOf(), 'customers')).toEqual(['c-1', 'x'.repeat(65)]);
  });
});

describe('times', () => {
  const times = (type: string) =>
    `CREATE TABLE customers (customer_id VARCHAR(20) PRIMARY KEY, state TEXT, updated_at ${type} NULL)`;

  it.each([
    ['in New York', 'zone: America/New_York', 'DATETIME(3)', '2025-11-02T05:30:00.000Z', '2025-03-09T07:30:00.250Z'],
    ['in the zone of the server', '', 'DATETIME(3)', '2025-11-02T01:30:00.000Z', '2025-03-09T02:30:00.250Z'],
    [
      'as a TIMESTAMP, whatever the zone',
      'zone: America/New_York',
      'TIMESTAMP(3)',
      '2025-11-02T01:30:00.000Z',
      '2025-03-09T02:30:00.250Z',
    ],
  ])('%s are instants; zero dates and NULL are none', async (_where, zone, type, autumn, spring) => {
    await server().run(
      times(type),
      `INSERT INTO customers VALUES ('zero', 'TX', '0000-00-00 00:00:00'), ('none', 'TX', NULL),
         ('autumn', 'TX', '2025-11-02 01:30:00'), ('spring', 'TX', '2025-03-09 02:30:00.25')`,
    );
    const { records } = await readAll(sourceOf(zone), 'customers');
    expect(Object.fromEntries(records.map((record) => [record['customer_id'], record['changed_at']]))).toEqual({
      zero: null,
      none: null,
      autumn,
      spring,
    });
  });

  it('decide what is read again: an overlap before the watermark, and what has no time', async () => {
    await server().run(times('DATETIME'));
    const source = sourceOf('zone: America/New_York\noverlap_minutes: 10');
    const basis = (await readAll(source, 'customers')).end?.watermark.basis ?? '';
    await server().run(
      `INSERT INTO customers VALUES ('zero', 'TX', '0000-00-00 00:00:00'), ('none', 'TX', NULL), ('partly', 'TX', '0000-01-00'),
         ('older', 'TX', '2026-07-01 11:49:59'), ('overlap', 'TX', '2026-07-01 11:50:00'), ('later', 'TX', '2026-07-01 12:30:00'), ('future', 'TX', '2999-01-01'),
         ('never', 'TX', '9999-12-31 23:59:59')`,
    );
    const since = { through: '2026-07-01T16:00:00.000Z', basis };
    const { records, end } = await readAll(source, 'customers', since);
    expect(records.map((record) => record['customer_id'])).toEqual([
      'future',
      'later',
      'never',
      'none',
      'overlap',
      'partly',
      'zero',
    ]);
    expect(end?.isWhole).toBe(false);
    // What has not come yet cannot be when it changed.
    for (const index of [0, 2]) expect(records[index]?.['changed_at']).toBe(end?.watermark.through);
    expect((await readAll(source, 'customers', since, { whole: true })).records).toHaveLength(8);
  });

  it('in an hour that comes twice do not hide what was changed in its second turn', async () => {
    await server().run(times('DATETIME'));
    const source = sourceOf('zone: America/New_York');
    const basis = (await readAll(source, 'customers')).end?.watermark.basis ?? '';
    // The watermark is 01:55 of the first turn; the row changed a quarter of an hour later, at 01:10 of the second.
    await server().run(
      `INSERT INTO customers VALUES ('second', 'TX', '2026-11-01 01:10:00'), ('before', 'TX', '2026-11-01 00:40:00')`,
    );
    const { records } = await readAll(source, 'customers', { through: '2026-11-01T05:55:00.000Z', basis });
    expect(records).toEqual([expect.objectContaining({ customer_id: 'second' })]);
  });

  it('of the server and of this machine are compared, and the watermark is in those of the server', async () => {
    await server().run(customers, 'SET GLOBAL time_zone = "-05:00"');
    const before = Date.now();
    const { end } = await readAll(sourceOf(), 'customers').finally(() =>
      server().run("SET GLOBAL time_zone = 'SYSTEM'"),
    );
    expect(Math.abs(end?.clockSkewMs ?? Number.NaN)).toBeLessThan(2_000);
    expect(Math.abs(Date.parse(end?.watermark.through ?? '') - before)).toBeLessThan(5_000);
  });
});

describe('keys', () => {
  it('are read page by page, each once', async () => {
    await server().run(customers, numberedCustomers(1_000));
    const { records } = await readAll(sourceOf('', { pageRows: 37 }), 'customers');
    expect(new Set(records.map((record) => record['customer_id'])).size).toBe(1_000);
    expect(records).toHaveLength(1_000);
    expect(await keysOf(sourceOf('', { pageRows: 100 }), 'customers')).toHaveLength(1_000);
  });

  it.each(['utf8mb4_bin', 'utf8mb4_general_ci'])(
    'that differ only in case or accents are kept apart (%s)',
    async (collation) => {
      const index = collation === 'utf8mb4_bin' ? 'PRIMARY KEY' : '';
      await server().run(
        `CREATE TABLE customers (customer_id VARCHAR(20) COLLATE ${collation} ${index}, state TEXT)`,
        `INSERT INTO customers VALUES ('c-É', 'TX'), ('c-e', 'NY'), ('C-E', 'CA'), ('c-f', 'FL')`,
      );
      const { records } = await readAll(sourceOf('', { pageRows: 1 }), 'customers');
      expect(new Map(records.map((record) => [record['customer_id'], record['home_state']]))).toEqual(
        new Map([
          ['c-É', 'TX'],
          ['c-e', 'NY'],
          ['C-E', 'CA'],
          ['c-f', 'FL'],
        ]),
      );
    },
  );

  it('hold quotes, backslashes and statements without harm', async () => {
    const nasty = ["a'; DROP TABLE customers; --", 'b\\', "b\\'", 'c"`', 'd\u0000', 'e%_'];
    await server().run(
      'CREATE TABLE customers (customer_id VARCHAR(64) COLLATE utf8mb4_bin PRIMARY KEY, `st``ate` TEXT)',
    );
    const connection = await server().connect();
    for (const id of nasty) await connection.query('INSERT INTO customers VALUES (?, ?)', [id, 'TX']);
    await connection.end();
    const source = sourceOf('customers: { columns: { state: "st`ate" } }', { pageRows: 1 });
    const { records } = await readAll(source, 'customers');
    expect(records.map((record) => record['customer_id'])).toEqual(nasty);
  });

  it('of type UUID are read as text', async () => {
    await server().run(
      'CREATE TABLE customers (customer_id UUID PRIMARY KEY, state TEXT)',
      "INSERT INTO customers SELECT UUID(), 'TX' FROM seq_1_to_50",
    );
    const { records } = await readAll(sourceOf('', { pageRows: 7 }), 'customers');
    expect(new Set(records.map((record) => String(record['customer_id']).length))).toEqual(new Set([36]));
    expect(new Set(records.map((record) => record['customer_id'])).size).toBe(50);
  });

  it('of a view are read as well, and tables of other names and columns', async () => {
    await server().run(
      'CREATE TABLE people (no INT PRIMARY KEY, active INT, region VARCHAR(20), modified DATETIME)',
      "INSERT INTO people VALUES (7, 1, 'Ohio', '2026-01-01'), (8, 0, 'Ohio', '2026-01-01')",
      "CREATE VIEW buyers AS SELECT CONCAT('c-', no) AS id, region, modified FROM people WHERE active = 1",
    );
    const source = sourceOf(
      'customers: { table: buyers, watermark: modified, columns: { customer_id: id, state: region } }',
    );
    const { records } = await readAll(source, 'customers');
    expect(records).toEqual([expect.objectContaining({ customer_id: 'c-7', home_state: 'OH' })]);
  });
});

describe('a table that is not as the mapping says', () => {
  const failure = async (mapping = '', since: Parameters<typeof readAll>[2] = null): Promise<string> =>
    (await failureOf(readAll(sourceOf(mapping), 'customers', since))).message;

  it('is not there: the ones that are there are named', async () => {
    await server().run('CREATE TABLE clients (id INT)', 'CREATE TABLE shops (id INT)');
    expect(await failure()).toMatch(/no table or view `customers`.*It may read: clients, shops\./);
  });

  it('lacks columns: each that is expected is named, with those that there are', async () => {
    await server().run('CREATE TABLE customers (id INT PRIMARY KEY, region TEXT, zip JSON, updated_at INT)');
    const message = await failure('customers: { columns: { city: town } }');
    expect(message.split('\n')).toEqual([
      'The table `customers` is not as the mapping of customers says. It has id, region, zip, updated_at.',
      '  customer_id: there is no column `customer_id`.',
      '  state: there is no column `state`.',
      '  city: there is no column `town`.',
      '  watermark: column `updated_at` is int, which cannot be read as watermark.',
    ]);
  });

  it('has a key that is not text', async () => {
    await server().run('CREATE TABLE customers (customer_id BINARY(16) PRIMARY KEY, state TEXT)');
    expect(await failure()).toContain('customer_id: column `customer_id` is binary');
  });

  it('has lost a column that was read before, unless the mapping says that it is meant', async () => {
    await server().run(customers, numberedCustomers(3));
    const { watermark } = (await readAll(sourceOf(), 'customers')).end ?? {};
    await server().run('ALTER TABLE customers CHANGE city town VARCHAR(100)');
    expect(await failure('', watermark)).toMatch(
      /has changed. It has customer_id, state, town.*\n {2}city: column `city` was read before and is gone/,
    );
    const { records, end } = await readAll(sourceOf('customers: { columns: { city: town } }'), 'customers', watermark);
    expect([records.length, end?.isWhole]).toEqual([3, true]);
    expect(
      (await readAll(sourceOf('customers: { columns: { city: false } }'), 'customers', watermark)).records,
    ).toHaveLength(3);
  });

  it('may not be read by this account', async () => {
    await server().run(
      'CREATE TABLE customers (customer_id INT PRIMARY KEY, state TEXT)',
      "REVOKE SELECT ON shop.* FROM reader@'%'",
    );
    try {
      expect(await failure()).toMatch(/that this account may read|denied/);
    } finally {
      await server().run("GRANT SELECT ON shop.* TO reader@'%'");
    }
  });
});
