import { gzipSync } from 'node:zlib';
import {
  BatchExecuteStatementCommand,
  DescribeStatementCommand,
  ExecuteStatementCommand,
  GetStatementResultCommand,
} from '@aws-sdk/client-redshift-data';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { DataApi } from '../../src/warehouse/redshift/data-api.ts';
import { type Moto, startMoto } from './support/moto.ts';
import { type Redshift, startRedshift } from './support/redshift-stand-in.ts';

let moto: Moto;
let redshift: Redshift;
let api: DataApi;

beforeAll(async () => {
  moto = await startMoto();
  await moto.createBucket('data');
  redshift = await startRedshift({ s3Endpoint: moto.endpoint });
  api = new DataApi({ client: redshift.client, workgroupName: 'w', database: 'd', retryMs: 5 });
});

afterAll(async () => {
  await redshift?.stop();
  await moto?.stop();
});

const run = (...statements: string[]) => api.batch(statements.map((sql) => ({ sql, parameters: {} })));

describe('what Redshift has not', () => {
  test.each([
    ['INSERT INTO t VALUES (1) ON CONFLICT DO NOTHING', 'ON CONFLICT'],
    ['DELETE FROM t RETURNING a', 'RETURNING'],
    ['SELECT DISTINCT ON (a) a FROM t', 'DISTINCT ON'],
    ['SELECT a IS NOT DISTINCT FROM b FROM t', 'IS DISTINCT FROM'],
    ['SELECT COUNT(*) FILTER (WHERE a = 1) FROM t', 'FILTER'],
    ['SELECT * FROM t, LATERAL (SELECT 1) x', 'LATERAL'],
    ['SELECT * FROM generate_series(1, 2)', 'functions that return rows'],
    ['SELECT * FROM unnest(a)', 'functions that return rows'],
    ['SELECT ARRAY[1, 2]', 'arrays'],
    ["SELECT STRING_AGG(a, ',') FROM t", 'LISTAGG'],
    ["SELECT CAST('{}' AS JSONB)", 'JSONB'],
    ["SELECT a -> 'b' FROM t", 'JSON'],
    ['SELECT * FROM (VALUES (1)) AS v (a)', 'VALUES as a table'],
    ['WITH gone AS (DELETE FROM t) SELECT 1', 'changes no rows in a subquery'],
    ['WITH x AS (SELECT 1) INSERT INTO t SELECT * FROM x', 'INSERT INTO … WITH'],
    ['CREATE INDEX i ON t (a)', 'indexes'],
    ['CREATE TABLE c (a INTEGER CHECK (a > 0))', 'CHECK'],
    ['CREATE TABLE c (a BIGSERIAL)', 'SERIAL'],
    ['SELECT NOW()', 'GETDATE'],
    ['SELECT CURRENT_TIMESTAMP', 'GETDATE'],
    ['SELECT * FROM t FOR UPDATE', 'locks no rows'],
    ['SELECT SUM(SUM(a)) OVER (ORDER BY b) FROM t GROUP BY b', 'require a frame clause'],
    ['SELECT RANK() OVER (ORDER BY a NULLS LAST) FROM t', 'NULLS clause'],
    ["SELECT 'a\\b'", 'backslash'],
    ['CREATE TABLE c (a INTEGER) DISTKEY(b)', 'column "b" of a key does not exist'],
    ['CREATE TABLE c (a VARCHAR(65536))', 'at most|1 to 65535 bytes'],
    ['SELECT a AS open FROM t', "'open' is a reserved word"],
    ['CREATE TABLE c (tag INTEGER)', "'tag' is a reserved word"],
    ['TRUNCATE t', 'TRUNCATE would commit'],
    ['SELECT 1; SELECT 2', 'multiple commands'],
  ])('%s', async (sql, reason) => {
    await redshift.pg.query('CREATE TABLE IF NOT EXISTS t (a INTEGER, b INTEGER)');
    // As the text is: the client itself refuses some of it.
    const { Id } = await redshift.client.send(
      new BatchExecuteStatementCommand({ Sqls: [sql], WorkgroupName: 'w', Database: 'd' }),
    );
    const ended = await redshift.client.send(new DescribeStatementCommand({ Id, WaitTimeSeconds: 10 }));
    expect(ended).toMatchObject({ Status: 'FAILED', Error: expect.stringMatching(reason) });
  });

  test.each([
    [
      'MERGE INTO t AS x USING s ON x.a = s.a WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT VALUES (1, 1)',
      'without an alias',
    ],
    [
      'MERGE INTO t USING (SELECT * FROM s) x ON t.a = x.a WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT VALUES (1, 1)',
      'no subquery',
    ],
    ['MERGE INTO t USING s ON t.a = s.a WHEN NOT MATCHED THEN INSERT VALUES (1, 1)', 'once each'],
    [
      'MERGE INTO t USING s ON t.a = s.a WHEN MATCHED AND s.b > 1 THEN DELETE WHEN NOT MATCHED THEN INSERT VALUES (1, 1)',
      'no conditions',
    ],
    [
      'MERGE INTO t USING s ON t.a = s.a WHEN MATCHED THEN UPDATE SET t.b = 1 WHEN NOT MATCHED THEN INSERT VALUES (1, 1)',
      "without a table's name",
    ],
  ])('%s', async (sql, reason) => {
    await expect(run(sql)).rejects.toThrow(reason);
  });
});

describe('what Redshift does otherwise', () => {
  beforeEach(() => run('DROP TABLE IF EXISTS item', 'DROP TABLE IF EXISTS incoming'));

  test('VARCHAR counts bytes', async () => {
    await run('CREATE TABLE item (short VARCHAR(4), usual VARCHAR, longest VARCHAR(MAX))');
    await run("INSERT INTO item VALUES ('éé', NULL, NULL)");
    await expect(run("INSERT INTO item VALUES ('ééé', NULL, NULL)")).rejects.toThrow(
      'value too long for type character varying(4)',
    );
    await expect(run("UPDATE item SET short = 'abcde'")).rejects.toThrow('character varying(4)');
    const insert = (column: string, length: number) =>
      api.batch([{ sql: `INSERT INTO item (${column}) VALUES ($text)`, parameters: { text: 'x'.repeat(length) } }]);
    await insert('usual', 256);
    await expect(insert('usual', 257)).rejects.toThrow('character varying(256)');
    await insert('longest', 65_535);
    await expect(insert('longest', 65_536)).rejects.toThrow('character varying(65535)');
  });

  test('keys do not hold, NOT NULL does', async () => {
    await run(
      `CREATE TABLE item (id INTEGER PRIMARY KEY, code INTEGER UNIQUE, other INTEGER REFERENCES t (a),
         UNIQUE (id, code), CONSTRAINT far FOREIGN KEY (other) REFERENCES t (a)) DISTSTYLE KEY DISTKEY (id) COMPOUND SORTKEY (id, code)`,
      'INSERT INTO item VALUES (1, 1, 99), (1, 1, 99)',
    );
    expect(await api.query('SELECT COUNT(*) AS n FROM item')).toEqual([{ n: 2 }]);
    await expect(run('INSERT INTO item VALUES (NULL, 2, 3)')).rejects.toThrow('violates not-null constraint');
  });

  test('MERGE takes each row once', async () => {
    const merge = `MERGE INTO item USING incoming AS i ON item.id = i.id
      WHEN MATCHED THEN UPDATE SET name = i.name WHEN NOT MATCHED THEN INSERT (id, name) VALUES (i.id, i.name)`;
    await run(
      'CREATE TABLE item (id INTEGER, name VARCHAR(10))',
      'CREATE TABLE incoming (LIKE item)',
      "INSERT INTO item VALUES (1, 'old')",
      "INSERT INTO incoming VALUES (1, 'new'), (2, 'two')",
    );
    expect(await run(merge)).toEqual([2]);
    expect(await api.query('SELECT id, name FROM item ORDER BY id')).toEqual([
      { id: 1, name: 'new' },
      { id: 2, name: 'two' },
    ]);
    await run("INSERT INTO incoming VALUES (2, 'again')");
    await expect(run(merge)).rejects.toThrow('MERGE command cannot affect row a second time');
  });

  test('temporary tables end with their batch, which is one session', async () => {
    await run('CREATE TEMP TABLE passing AS SELECT 1 AS n', 'SELECT n FROM passing');
    await expect(api.query('SELECT n FROM passing')).rejects.toThrow('"passing" does not exist');
  });

  test('names are lower case, quoted or not; text sorts by its bytes', async () => {
    await run('CREATE TABLE item ("Name" VARCHAR(10) ENCODE lzo)', "INSERT INTO item VALUES ('b'), ('B'), ('é')");
    expect(await api.query('SELECT name FROM ITEM ORDER BY "NAME"')).toEqual([
      { name: 'B' },
      { name: 'b' },
      { name: 'é' },
    ]);
  });

  test('IDENTITY numbers rows', async () => {
    await run(
      'CREATE TABLE item (id BIGINT IDENTITY(1, 1), name VARCHAR(10))',
      "INSERT INTO item (name) VALUES ('a'), ('b')",
    );
    expect(await api.query('SELECT id, name FROM item ORDER BY id')).toEqual([
      { id: 1, name: 'a' },
      { id: 2, name: 'b' },
    ]);
  });

  test.each([
    ["DATEADD(day, 2, TIMESTAMP '2026-02-27 10:00:00')", '2026-03-01T10:00:00.000Z'],
    ["DATEADD(month, -1, DATE '2026-03-31')", '2026-02-28T00:00:00.000Z'],
    ["DATEDIFF(day, TIMESTAMP '2026-02-27 23:59:00', TIMESTAMP '2026-02-28 00:01:00')", 1],
    ["DATEDIFF(hour, TIMESTAMP '2026-02-27 10:59:00', TIMESTAMP '2026-02-27 12:01:00')", 2],
    ["DATEDIFF(year, DATE '2025-12-31', DATE '2026-01-01')", 1],
    ["CONVERT_TIMEZONE('America/Chicago', TIMESTAMP '2026-02-08 06:00:00')", '2026-02-08T00:00:00.000Z'],
    ["NVL(NULL, 'x')", 'x'],
    ["NVL2(NULL, 'x', 'y')", 'y'],
    ["LEN('éé')", 2],
    ['SYSDATE = GETDATE()', true],
    ['7 / 2', 3],
  ])('%s', async (expression, value) => {
    expect(await api.query(`SELECT ${expression} AS value`)).toEqual([{ value }]);
  });

  test('LISTAGG joins in its order', async () => {
    await run('CREATE TABLE item (name VARCHAR(10))', "INSERT INTO item VALUES ('b'), ('c'), ('a')");
    const sql = "SELECT LISTAGG(name, ', ') WITHIN GROUP (ORDER BY name DESC) AS names FROM item";
    expect(await api.query(sql)).toEqual([{ names: 'c, b, a' }]);
  });
});

describe('COPY', () => {
  const role = "IAM_ROLE 'arn:aws:iam::123456789012:role/copy'";
  const put = (Key: string, Body: string | Uint8Array) =>
    moto.s3.send(new PutObjectCommand({ Bucket: 'data', Key, Body }));

  beforeEach(() => run('DROP TABLE IF EXISTS target', 'CREATE TABLE target (value INTEGER)'));

  test.each([
    ['SMALLINT', 32767, 32767],
    ['SMALLINT', 32768, 1222],
    ['BIGINT', '"9007199254740991"', 9007199254740991],
    ['BIGINT', '1.5', 1207],
    ['INTEGER', '"x"', 1207],
    ['INTEGER', 'true', 1207],
    ['DECIMAL(6, 2)', '1234.569', 1234.56],
    ['DECIMAL(6, 2)', '12345.6', 1204],
    ['DOUBLE PRECISION', '0.25', 0.25],
    ['DOUBLE PRECISION', '"x"', 1208],
    ['BOOLEAN', 'true', true],
    ['BOOLEAN', '"maybe"', 1210],
    ['DATE', '"2026-02-28"', '2026-02-28'],
    ['DATE', '"2026-02-30"', 1205],
    ['TIMESTAMP', '"2026-02-28 10:00:00.5"', '2026-02-28T10:00:00.500Z'],
    ['TIMESTAMP', '"2026-02-28T10:00:00"', 1206],
    ['VARCHAR(4)', '"éé"', 'éé'],
    ['VARCHAR(4)', '"ééx"', 1204],
    ['VARCHAR(20)', '{"a":[1]}', '{"a":[1]}'],
    ['VARCHAR(20)', '12', '12'],
    ['VARCHAR(20)', '""', ''],
    ['VARCHAR(20)', '"a\\u0000b"', 1220],
    ['VARCHAR(20) NOT NULL', 'null', 1213],
    ['INTEGER', 'null', null],
  ])('%s of %s is %s', async (type, json, expected) => {
    await run('DROP TABLE target', `CREATE TABLE target (value ${type})`);
    const key = `values/${Math.random()}`;
    await put(key, `{"value":${json},"stranger":1}\n`);
    const copied = await run(`COPY target FROM 's3://data/${key}' ${role} FORMAT AS JSON 'auto'`).catch(
      () => undefined,
    );
    const errors = await api.query('SELECT error_code FROM sys_load_error_detail WHERE TRIM(file_name) = $file', {
      file: `s3://data/${key}`,
    });
    const rows = await api.query('SELECT value FROM target');
    const isError = typeof expected === 'number' && expected >= 1200 && expected < 1300 && copied === undefined;
    expect(isError ? errors : rows).toEqual(isError ? [{ error_code: expected }] : [{ value: expected }]);
    expect(isError ? rows : errors).toEqual([]);
  });

  test('counts errors up to MAXERROR and loads the rest', async () => {
    await put(
      'mixed',
      Buffer.concat([Buffer.from('{"value":1}\nnone\n{"value":2}\n{"value":"'), Buffer.from([0xff, 0x22, 0x7d, 10])]),
    );
    const copy = `COPY target (value) FROM 's3://data/mixed' ${role} JSON 'auto' REGION 'us-east-1' COMPUPDATE OFF STATUPDATE OFF`;
    await expect(run(`${copy} MAXERROR 2`)).rejects.toThrow("Load into table 'target' failed");
    expect(await run(`${copy} MAXERROR 3 NOLOAD`)).toEqual([0]);
    expect(await run(`${copy} MAXERROR 3`)).toEqual([2]);
    const errors = await api.query(
      "SELECT DISTINCT line_number, error_code FROM sys_load_error_detail WHERE file_name LIKE '%/mixed%' ORDER BY 1",
    );
    expect(errors).toEqual([
      { line_number: 2, error_code: 1216 },
      { line_number: 4, error_code: 1220 },
    ]);
  });

  test('reads prefixes, manifests and gzip', async () => {
    await put('many/1', '{"value":1}\n\n{"value":2}');
    await put('many/2', '{"value":3}\n');
    await put('packed', gzipSync('{"value":4}\n'));
    await put(
      'gap',
      JSON.stringify({ entries: [{ url: 's3://data/none' }, { url: 's3://data/many/2', mandatory: true }] }),
    );
    await put('broken', JSON.stringify({ entries: [{ url: 's3://data/none', mandatory: true }] }));
    const copy = (key: string, more = '') => `COPY target FROM 's3://data/${key}' ${role} FORMAT JSON 'auto' ${more}`;
    expect(await run(copy('many/'), copy('packed', 'GZIP'), copy('gap', 'MANIFEST'))).toEqual([3, 1, 1]);
    await expect(run(copy('broken', 'MANIFEST'))).rejects.toThrow('s3://data/none does not exist');
    await expect(run(copy('nothing'))).rejects.toThrow("prefix 'nothing' does not exist");
    await expect(run(copy('packed'))).rejects.toThrow('Load into table');
    await expect(run(copy('many/', 'TRUNCATECOLUMNS'))).rejects.toThrow('does not know');
    await expect(run("COPY target FROM 's3://data/many/' FORMAT JSON 'auto'")).rejects.toThrow('COPY needs IAM_ROLE');
  });
});

describe('the Data API', () => {
  const target = { WorkgroupName: 'w', Database: 'd' };
  const send = (input: object) =>
    redshift.client.send(new ExecuteStatementCommand({ ...target, Sql: 'SELECT 1 AS n', ...input }));

  test.each([
    ['a parameter that no statement names', { Parameters: [{ name: 'a', value: '1' }] }, 'Unused parameters: [a]'],
    ['an empty value', { Sql: 'SELECT :a', Parameters: [{ name: 'a', value: '' }] }, 'Parameter a has no value'],
    ['no workgroup', { WorkgroupName: undefined }, 'required'],
    ['an over-long text', { Sql: `SELECT '${'x'.repeat(103_000)}'` }, '100 KB'],
  ])('refuses %s', async (_, input, reason) => {
    await expect(send(input)).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining(reason),
    });
  });

  test('answers a token it knows with what that started, unless the rest differs', async () => {
    const one = await send({ ClientToken: 'again' });
    expect((await send({ ClientToken: 'again' })).Id).toBe(one.Id);
    await expect(send({ ClientToken: 'again', Sql: 'SELECT 2' })).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });

  test('knows no statement that it was not sent, and no result of one that failed', async () => {
    const unknown = new GetStatementResultCommand({ Id: 'unknown' });
    await expect(redshift.client.send(unknown)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    const { Id } = await send({ Sql: 'SELECT nothing' });
    const failed = new GetStatementResultCommand({ Id, WaitTimeSeconds: 10 });
    await expect(redshift.client.send(failed)).rejects.toMatchObject({ name: 'ValidationException' });
  });

  test('remembers the texts it was sent', async () => {
    await send({ Sql: 'SELECT 12345 AS n' });
    expect(redshift.statements.has('SELECT 12345 AS n')).toBe(true);
  });
});
