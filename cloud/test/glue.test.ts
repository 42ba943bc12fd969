import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { testMariaDb } from '../../test/support/mariadb.ts';
import { failureOf, readAll } from '../../test/support/reference-source.ts';
import { runGlueScript } from './support/glue.ts';
import { curated, expectSame, testGlue } from './support/glue-house.ts';

const server = testMariaDb();
const house = testGlue(server);

beforeEach(() => server().reset());

const placeholders = (count: number): string => Array.from({ length: count }, () => '?').join(', ');
async function insert(table: string, rows: readonly (readonly unknown[])[]): Promise<void> {
  const connection = await server().connect();
  for (const row of rows) await connection.query(`INSERT INTO ${table} VALUES (${placeholders(row.length)})`, [...row]);
  await connection.end();
}

/** Texts that people, spreadsheets and programs leave in columns. */
const texts = [
  ...['', ' ', '\u00a0', '\ufeffTX', ' tx ', 'Texas', 'TEXAS\u200b', 'ＴＸ', 'calif.', 'N.Y.', 'n y', 'State of Ohio'],
  ...[
    'New  Mexico, USA',
    'Hawai‘i',
    'D.C.',
    'washington d c',
    'Ontario',
    'T',
    'İstanbul',
    'ß',
    'Zürich 🍕',
    'a\\b',
    "o'k",
  ],
  ...['78704', '78704-1234', '787041234', '2139', '78704.0', ' 02139 ', '７８７０４', '123', '12', '78 704', '00000'],
  ...[
    '0x10',
    '1e2',
    '1_000',
    'Infinity',
    'NaN',
    '-0',
    '+5',
    '.5',
    '5.',
    '91',
    '-90',
    '90.0000001',
    '12.5',
    '--1',
    '١٢',
  ],
  ...[
    'America/Chicago',
    'america/chicago',
    'Mars/Olympus',
    'Factory',
    'EST5EDT',
    'US/Eastern',
    'UTC',
    'GMT+5',
    '+05:00',
  ],
  ...[
    'x'.repeat(11),
    'x'.repeat(41),
    'x'.repeat(65),
    'x'.repeat(101),
    'x'.repeat(121),
    '🍕'.repeat(41),
    '🍕'.repeat(121),
  ],
  ...[
    'Pizza',
    'DRINK',
    'side ',
    '4.125',
    '0.994',
    '.5',
    '-1',
    '10000',
    '10000.01',
    '1.005',
    '4,50',
    '\t\n',
    '\u2028line',
  ],
];

describe('the job makes the same as the source of one machine', () => {
  it('of texts in every column of stores', async () => {
    const fields = ['name', 'state', 'city', 'zip', 'time_zone', 'latitude', 'longitude', 'closeout_hour'];
    await server().run(`CREATE TABLE stores (store_id VARCHAR(80) PRIMARY KEY, ${fields.map((one) => `${one} TEXT`)})`);
    const rows = texts.flatMap((text, index) =>
      fields.map((field) => [
        `${index}-${field}`,
        ...fields.map((one) => (one === field ? text : one === 'state' ? 'TX' : null)),
      ]),
    );
    const zips = ['79901', '37919', '58601', '10001', '02139', '2139'].map((zip) => [
      zip,
      null,
      'TX',
      null,
      zip,
      null,
      null,
      null,
      null,
    ]);
    await insert('stores', [
      ...rows,
      ...zips,
      ['', ...fields.map(() => null)],
      ['gone', ...fields.map(() => 'x'.repeat(200))],
    ]);
    const { manifest } = await expectSame(house(), 'stores');
    expect(manifest.rows.records).toBeGreaterThan(250);
    expect(manifest.rows.errors).toBeGreaterThan(60);
    expect(Math.abs(manifest.clock_skew_ms)).toBeLessThan(1_000);
  });

  it('of texts in every column of customers and menu items', async () => {
    await server().run(
      'CREATE TABLE customers (customer_id VARCHAR(200) COLLATE utf8mb4_bin, state TEXT, city TEXT, zip TEXT)',
      'CREATE TABLE menu_items (menu_item_id VARCHAR(80) PRIMARY KEY, menu_item TEXT, kind TEXT, size TEXT, unit_cost TEXT)',
      'CREATE TABLE stores (store_id INT PRIMARY KEY, state TEXT)',
    );
    await insert('customers', [
      ...texts.flatMap((text) => [
        [text, 'TX', null, null],
        ['a', text, text, null],
        ['b', null, null, text],
      ]),
      ...spokenStates().map((word) => [word, word, null, null]),
      [null, 'TX', null, null],
      [null, null, null, null],
    ]);
    await insert(
      'menu_items',
      texts.flatMap((text, index) => [
        [`${index}-name`, text, null, null, null],
        [`${index}-kind`, 'Knots', text, null, null],
        [`${index}-size`, 'Knots', null, text, null],
        [`${index}-cost`, 'Knots', null, null, text],
      ]),
    );
    const { records } = await expectSame(house(), 'customers', { stores: false });
    expect(new Set(records.map((record) => record['home_state'])).size).toBe(53);
    expect((await expectSame(house(), 'menu_items', { menu_items: {} })).manifest.rows.errors).toBeGreaterThan(20);
  });

  it('of columns of every type', async () => {
    await server().run(
      `CREATE TABLE stores (store_id INT(6) ZEROFILL PRIMARY KEY, name YEAR, state ENUM('TX', 'Ontario'), city DECIMAL(9, 2),
         zip INT, time_zone CHAR(20), latitude FLOAT, longitude DOUBLE, closeout_hour TINYINT(1))`,
      `INSERT INTO stores VALUES (1, 2026, 'TX', 7, 2134, 'America/Denver ', 34.05, -118.123456789012345, 1),
         (42, NULL, 'Ontario', NULL, 78704, '', 91, 1e300, 13), (43, 1999, 'TX', 0.5, 7, NULL, -0.0, 0.1, 0)`,
      `CREATE TABLE customers (customer_id BIGINT UNSIGNED PRIMARY KEY, state CHAR(20), zip DECIMAL(5, 0))`,
      `INSERT INTO customers VALUES (18446744073709551615, 'Ohio', 2139), (0, NULL, 78704)`,
      `CREATE TABLE menu_items (menu_item_id UUID PRIMARY KEY, menu_item VARCHAR(40) CHARACTER SET latin1, unit_cost_cents DOUBLE,
         unit_cost DECIMAL(10, 4))`,
      `INSERT INTO menu_items VALUES (UUID(), 'Jalapeño', NULL, 4.125), (UUID(), 'Crème', 3, 9.99), (UUID(), 'x', 2.5, NULL)`,
    );
    const mapping = { menu_items: {} };
    const { records, manifest } = await expectSame(house(), 'stores', mapping);
    expect(records[0]).toMatchObject({ store_id: '1', name: '2026', zip: '02134', closeout_hour: 1 });
    expect(manifest.rows.errors).toBe(1);
    await expectSame(house(), 'customers', mapping);
    expect((await expectSame(house(), 'menu_items', mapping)).manifest.rows).toEqual({
      records: 2,
      errors: 1,
      keys: 3,
    });
  });

  it.each([
    ['DATETIME(3)', { zone: 'America/New_York' }],
    ['TIMESTAMP(3)', { zone: 'America/New_York' }],
    ['DATETIME', {}],
    ['DATE', { zone: 'Australia/Lord_Howe' }],
  ])('of times kept as %s, and of what has changed since', async (type, zone) => {
    const mapping = { ...zone, stores: false, overlap_minutes: 20 };
    const local = ['2025-11-02 00:30:00', '2025-11-02 01:10:00', '2025-11-02 01:30:00', '2025-11-02 02:00:00'];
    const others = [
      '2025-03-09 02:30:00.25',
      '2025-04-06 01:45:00',
      '2999-01-01 00:00:00',
      '1970-01-01 12:00:00',
      '2001-01-01',
      '2026-07-01',
    ];
    await server().run(
      `CREATE TABLE customers (customer_id VARCHAR(40) PRIMARY KEY, state TEXT, updated_at ${type} NULL)`,
      "INSERT INTO customers VALUES ('zero', 'TX', '0000-00-00'), ('none', 'TX', NULL), ('partly', 'TX', '2026-00-00')",
      ...[...local, ...others].map((time) => `INSERT INTO customers VALUES ('${time}', 'TX', '${time}')`),
    );
    const { manifest } = await expectSame(house(), 'customers', mapping);
    for (const through of ['2025-11-02T05:55:00.000Z', '2025-11-02T06:40:00.000Z', '2025-03-09T07:45:00.000Z']) {
      const since = { through, basis: manifest.watermark.basis };
      const changed = await expectSame(house(), 'customers', mapping, since);
      expect(changed.manifest).toMatchObject({ is_whole: false, since, rows: { keys: 13 } });
      expect(changed.records.length).toBeLessThan(13);
    }
  });

  it('of a table that is read in parts, and of a view', async () => {
    await server().run(
      'CREATE TABLE customers (customer_id VARCHAR(40) PRIMARY KEY, state TEXT, zip INT, updated_at TIMESTAMP NULL DEFAULT NULL)',
      `INSERT INTO customers SELECT CONCAT(IF(seq % 2, 'c-', 'C–é'), seq), ELT(1 + seq % 4, 'TX', 'n.y.', 'Ontario', NULL), seq % 99999,
         IF(seq % 3, NULL, '2026-01-01 00:00:00') FROM seq_1_to_70000`,
      'CREATE VIEW buyers AS SELECT customer_id AS id, state FROM customers WHERE zip < 1000',
      'CREATE TABLE stores (store_id BIGINT PRIMARY KEY, state TEXT)',
      "INSERT INTO stores SELECT CAST(seq AS SIGNED) * 7 - 100000, 'TX' FROM seq_1_to_40000",
    );
    const { manifest } = await expectSame(house(), 'customers');
    expect(manifest.files['records']?.map(({ rows }) => rows)).toEqual([
      expect.any(Number),
      expect.any(Number),
      expect.any(Number),
    ]);
    expect((await expectSame(house(), 'stores')).manifest.files['records']).toHaveLength(2);
    const mapping = { stores: false, customers: { table: 'buyers', columns: { customer_id: 'id' } } };
    expect((await expectSame(house(), 'customers', mapping)).manifest.files['records']).toHaveLength(1);
  });
});

/** Every word that stands for a state. */
function spokenStates(): string[] {
  const file = new URL('../glue/modules/curate/states.json', import.meta.url);
  const states = JSON.parse(readFileSync(file, 'utf8')) as { code: string; name: string; spoken: string[] }[];
  return states.flatMap(({ code, name, spoken }) => [code, name, ...spoken]);
}

describe('a table that cannot be read', () => {
  const customers = 'CREATE TABLE customers (customer_id INT PRIMARY KEY, state TEXT, city TEXT, updated_at DATETIME)';

  it('says the same as on one machine, keeps its last files, and the others are read', async () => {
    await server().run(
      customers,
      'CREATE TABLE stores (store_id INT PRIMARY KEY, state TEXT)',
      "INSERT INTO stores VALUES (1, 'TX')",
    );
    await server().run("INSERT INTO customers VALUES (1, 'TX', 'Austin', NOW())");
    const before = await house().curate('customers');
    house().apply({ customers: before.manifest.watermark });
    await server().run('ALTER TABLE customers CHANGE city town TEXT');
    const { code, outcomes } = await runGlueScript(
      { folder: house().output, password: server().password },
      ...house().argumentsFor({}),
    );
    expect([code, outcomes.map(({ outcome }) => outcome)]).toEqual([1, ['curated', 'failed']]);
    const expected = await failureOf(readAll(house().source(), 'customers', before.manifest.watermark));
    expect(outcomes[1]).toMatchObject({ kind: 'shape', message: expected.message });
    expect(expected.message).toContain('city: column `city` was read before and is gone');
    const [first, second] = readdirSync(join(house().output, 'customers')).sort();
    expect(existsSync(join(house().output, 'customers', first ?? '', '_manifest.json'))).toBe(true);
    expect(
      readdirSync(join(house().output, 'customers', second ?? '')).filter((name) => !name.endsWith('.crc')),
    ).toEqual(['_failed.json']);
  });

  it.each([
    [
      'columns',
      'CREATE TABLE customers (id INT PRIMARY KEY, region TEXT, zip JSON, updated_at INT)',
      { columns: { city: 'town' } },
    ],
    ['a key as text', 'CREATE TABLE customers (customer_id BINARY(16) PRIMARY KEY, state TEXT)', {}],
    ['its name', 'CREATE TABLE clients (id INT)', {}],
  ])('for want of %s says so in the same words', async (_what, table, section) => {
    await server().run(table);
    const mapping = { stores: false, customers: section };
    const { outcomes } = await house().run(mapping);
    const expected = await failureOf(readAll(house().source(mapping), 'customers'));
    expect(outcomes).toMatchObject([{ outcome: 'failed', kind: 'shape', message: expected.message }]);
  });

  it('for want of rights, or of a server, is told apart', async () => {
    await server().run(customers);
    const wrong = { connection: { host: '127.0.0.1', port: server().port, user: 'nobody', database: 'shop' } };
    expect((await house().run(wrong)).outcomes.map(({ kind }) => kind)).toEqual(['refused', 'refused']);
    await server().stop();
    try {
      const { outcomes } = await house().run();
      expect(outcomes.map(({ kind }) => kind)).toEqual(['unavailable', 'unavailable']);
      expect(JSON.stringify(outcomes)).not.toContain(server().password);
    } finally {
      await server().start();
    }
    expect(curated((await house().run({ stores: false })).outcomes, 'customers').rows).toEqual({
      records: 0,
      errors: 0,
      keys: 0,
    });
  });

  it('for a mapping with mistakes says all of them, and touches nothing', async () => {
    const { code, outcomes } = await house().run({
      zone: 'Mars',
      stores: { tabel: 'x' },
      customers: { columns: { state: false } },
    });
    expect([code, outcomes.length, existsSync(house().output)]).toEqual([1, 1, false]);
    expect(outcomes[0]?.message?.split('\n')).toEqual([
      'The mapping has 3 mistakes:',
      '  zone: must be an IANA time zone such as America/Chicago.',
      '  stores.tabel: is not a member here; there are table, watermark, columns.',
      '  customers.columns.state: is needed; `customers: false` leaves all of them out.',
    ]);
  });
});
