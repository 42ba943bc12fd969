import { gzipSync } from 'node:zlib';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DataApi } from '../../src/warehouse/redshift/data-api.ts';
import { StatementError } from '../../src/warehouse/redshift/data-api-errors.ts';
import { runs } from '../../test/support/property.ts';
import { type Moto, startMoto } from './support/moto.ts';
import { type Redshift, startRedshift } from './support/redshift-stand-in.ts';

let moto: Moto;
let redshift: Redshift;
let api: DataApi;

beforeAll(async () => {
  moto = await startMoto();
  await moto.createBucket('data');
  redshift = await startRedshift({ s3Endpoint: moto.endpoint, pageRows: 2 });
  api = new DataApi({ client: redshift.client, workgroupName: 'slicehouse', database: 'slicehouse', retryMs: 5 });
});

afterAll(async () => {
  await redshift?.stop();
  await moto?.stop();
});

const statement = (sql: string, parameters = {}) => ({ sql, parameters });

const put = (Key: string, Body: string | Uint8Array) =>
  moto.s3.send(new PutObjectCommand({ Bucket: 'data', Key, Body }));

/** Waits until so many sessions run a statement that has these words. */
async function untilActive(words: string, sessions: number): Promise<void> {
  const sql = "SELECT pid FROM pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid() AND query LIKE $1";
  await expect
    .poll(async () => (await redshift.pg.query(sql, [`%${words}%`])).rowCount, { timeout: 10_000 })
    .toBe(sessions);
}

const role = 'arn:aws:iam::123456789012:role/copy';

describe('values', () => {
  test('every type comes back as the Warehouse port says', async () => {
    const rows = await api.query(
      `SELECT CAST(1 AS SMALLINT) AS small, CAST(2 AS INTEGER) AS whole, CAST(9007199254740991 AS BIGINT) AS big,
         CAST(12.50 AS DECIMAL(10, 2)) AS price, CAST(7 AS DECIMAL(38, 0)) AS total, CAST(0.25 AS DOUBLE PRECISION) AS share,
         CAST('2026-02-08' AS DATE) AS day, CAST('2026-02-08 18:31:07.25' AS TIMESTAMP) AS moment,
         CAST('2026-02-08 18:31:07+00' AS TIMESTAMPTZ) AS zoned, 1 = 1 AS truth, 'é' AS text, CAST(NULL AS INTEGER) AS nothing`,
    );
    expect(rows).toEqual([
      {
        small: 1,
        whole: 2,
        big: 9007199254740991,
        price: 12.5,
        total: 7,
        share: 0.25,
        day: '2026-02-08',
        moment: '2026-02-08T18:31:07.250Z',
        zoned: '2026-02-08T18:31:07.000Z',
        truth: true,
        text: 'é',
        nothing: null,
      },
    ]);
  });

  test('parameters arrive as they were, NULL and the empty string too', async () => {
    const awkward = `it's ":x" -- $y /* */ ; DROP TABLE z \\`;
    const rows = await api.query(
      `-- $comment and :comment
       SELECT CAST($text AS VARCHAR) AS text, CAST($none AS VARCHAR) AS none, $empty || '' AS empty, $n + 1 AS n,
         CAST($half AS DECIMAL(10, 2)) AS half, $yes AS yes, $no AS no, '$literal' AS literal, CAST($n AS INTEGER)::BIGINT AS again`,
      { text: awkward, none: null, empty: '', n: 41, half: 0.5, yes: true, no: false, unused: 'x' },
    );
    expect(rows).toEqual([
      { text: awkward, none: null, empty: '', n: 42, half: 0.5, yes: true, no: false, literal: '$literal', again: 41 },
    ]);
  });
});

test('any text and any number comes back as it went', async () => {
  const text = fc.string({ unit: 'binary', maxLength: 50 }).filter((one) => !one.includes('\0'));
  const number = fc.oneof(
    fc.maxSafeInteger(),
    fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e300, max: 1e300 }),
  );
  const sql = 'SELECT CAST($text AS VARCHAR(65535)) AS text, $number AS number';
  const property = fc.asyncProperty(text, number, async (text, number) => {
    // SQL has one zero.
    expect(await api.query(sql, { text, number })).toEqual([{ text, number: number === 0 ? 0 : number }]);
  });
  await fc.assert(property, runs(50));
});

describe('results', () => {
  test('come page by page, none when there are no rows', async () => {
    const sql = `SELECT n FROM (SELECT 1 AS n UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5) t
      WHERE n <= $most ORDER BY n`;
    const pages: unknown[] = [];
    for await (const page of api.stream(sql, { most: 5 })) pages.push(page);
    expect(pages).toEqual([[{ n: 1 }, { n: 2 }], [{ n: 3 }, { n: 4 }], [{ n: 5 }]]);
    expect(await api.query(sql, { most: 0 })).toEqual([]);
  });
});

describe('batches', () => {
  test('a value of one statement is none of another, and rows are counted', async () => {
    const counts = await api.batch([
      statement('CREATE TABLE pair (a INTEGER NOT NULL, b VARCHAR(10) ENCODE zstd) DISTKEY(a) COMPOUND SORTKEY(a, b)'),
      statement('INSERT INTO pair VALUES ($a, $b), ($a, NULL)', { a: 1, b: 'one' }),
      statement('INSERT INTO pair VALUES ($a, $b)', { a: 2, b: null }),
      statement('UPDATE pair SET b = $b WHERE a = $a', { a: 2, b: 'two' }),
      statement('DELETE FROM pair WHERE b IS NULL'),
    ]);
    expect(counts).toEqual([0, 2, 1, 1, 1]);
    expect(await api.query('SELECT a, b FROM pair ORDER BY a')).toEqual([
      { a: 1, b: 'one' },
      { a: 2, b: 'two' },
    ]);
  });
});

describe('results that are gone or unwanted', () => {
  test('a statement is cancelled when the signal aborts', async () => {
    await redshift.pg.query('CREATE TABLE many AS SELECT n FROM generate_series(1, 5000) AS s (n)');
    const controller = new AbortController();
    const reason = new Error('the caller went away');
    const sql = 'SELECT COUNT(*) AS n FROM many a CROSS JOIN many b CROSS JOIN many c /* endless */';
    const startedMs = performance.now();
    const answer = api.query(sql, {}, controller.signal).catch((error: unknown) => error);
    await untilActive('CROSS JOIN', 1);
    controller.abort(reason);
    expect(await answer).toBe(reason);
    await untilActive('CROSS JOIN', 0);
    expect(performance.now() - startedMs).toBeLessThan(10_000);
  });

  test('a signal that is aborted already starts nothing', async () => {
    const signal = AbortSignal.abort(new Error('too late'));
    await expect(api.batch([statement('CREATE TABLE never (a INTEGER)')], signal)).rejects.toThrow('too late');
    await expect(api.query('SELECT * FROM never')).rejects.toThrow('"never" does not exist');
  });

  test('a result that expired between two pages names the statement', async () => {
    const pages = api.stream('SELECT 1 AS n UNION ALL SELECT 2 UNION ALL SELECT 3');
    await pages.next();
    redshift.faults.expireResults();
    await expect(pages.next()).rejects.toThrow(/A statement failed: ResourceNotFoundException: .*\n {2}SELECT 1 AS n/);
  });
});

describe('conflicts, throttles, lost answers', () => {
  beforeAll(() => api.batch([statement('CREATE TABLE entry (n BIGINT NOT NULL)')]));

  const count = async () => (await api.query('SELECT COUNT(*) AS n FROM entry'))[0]?.['n'];

  test('statements that met another transaction run again, whole', async () => {
    const before = Number(await count());
    redshift.faults.conflict(/^UPDATE/, 3);
    expect(
      await api.batch([statement('INSERT INTO entry VALUES (1)'), statement('UPDATE entry SET n = n')]),
    ).toHaveLength(2);
    expect(await count()).toBe(before + 1);
    redshift.faults.conflict(/^SELECT COUNT/, 2);
    expect(await count()).toBe(before + 1);
  });

  test('they are not tried for ever', async () => {
    redshift.faults.conflict(/^DELETE FROM entry/, 8);
    const deletion = [statement('DELETE FROM entry')];
    await expect(api.batch(deletion)).rejects.toThrow(/^A statement failed: ERROR: 1023/);
    expect(await count()).not.toBe(0);
    // Eight were all that was to go wrong, so eight it were.
    await api.batch(deletion);
    expect(await count()).toBe(0);
  });

  test('transactions that really are in the way of each other all take place, one after the other', async () => {
    await api.batch([statement('DELETE FROM entry')]);
    const append = () => api.batch([statement('INSERT INTO entry SELECT COUNT(*) FROM entry')]);
    await Promise.all(Array.from({ length: 6 }, append));
    expect(await api.query('SELECT n FROM entry ORDER BY n')).toEqual([0, 1, 2, 3, 4, 5].map((n) => ({ n })));
  });

  test.each([
    ['BatchExecuteStatement', 'ActiveStatementsExceededException'],
    ['BatchExecuteStatement', 'ThrottlingException'],
    ['DescribeStatement', 'ActiveWaitingRequestsExceededException'],
    ['DescribeStatement', 'InternalServerException'],
  ] as const)('%s is tried again after %s', async (operation, exception) => {
    const before = Number(await count());
    redshift.faults.refuse(operation, exception, 2);
    await api.batch([statement('INSERT INTO entry VALUES (1)')]);
    expect(await count()).toBe(before + 1);
  });

  test('a batch whose answer was lost after its commit is not run a second time', async () => {
    const before = Number(await count());
    redshift.faults.dropAnswer('BatchExecuteStatement', 2);
    await api.batch([statement('INSERT INTO entry VALUES (1)')]);
    expect(await count()).toBe(before + 1);
    redshift.faults.dropAnswer('GetStatementResult');
    expect(await count()).toBe(before + 1);
  });
});

describe('errors', () => {
  test('name the statement that failed, and nothing of the batch stays', async () => {
    await api.batch([statement('CREATE TABLE kept (a INTEGER)')]);
    const failed = await api
      .batch([
        statement('INSERT INTO kept VALUES (1)'),
        statement('INSERT INTO kept SELECT nothing FROM nowhere WHERE a = $a', { a: 'a secret' }),
        statement('INSERT INTO kept VALUES (3)'),
      ])
      .catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(StatementError);
    expect(failed).toMatchObject({ index: 1, queryId: expect.any(Number) });
    expect(String(failed)).toBe(
      `StatementError: Statement 2 of 3 failed: ERROR: relation "nowhere" does not exist
  INSERT INTO kept SELECT nothing FROM nowhere WHERE a = :s2_a`,
    );
    expect(await api.query('SELECT a FROM kept')).toEqual([]);
  });

  test('come before anything is sent, where the service has a limit', async () => {
    const one = statement('SELECT 1 AS n');
    await expect(api.batch(Array.from({ length: 41 }, () => one))).rejects.toThrow('at most 40 statements, not 41');
    expect(await api.batch(Array.from({ length: 40 }, () => one))).toHaveLength(40);
    const long = `SELECT 1 AS n WHERE 1 IN (${'1, '.repeat(40_000)} 1)`;
    await expect(api.query(long)).rejects.toThrow('longer than 100000 bytes');
    expect(await api.batch([])).toEqual([]);
  });

  test('say when it is not known what became of a batch', async () => {
    redshift.faults.refuse('DescribeStatement', 'ResourceNotFoundException');
    const batch = [statement('CREATE TABLE perhaps (a INTEGER)')];
    await expect(api.batch(batch)).rejects.toThrow('its end is not known: ResourceNotFoundException');
    redshift.faults.refuse('BatchExecuteStatement', 'InternalServerException', 3);
    await expect(api.batch(batch)).rejects.toThrow(/InternalServerException: .* \(it may have taken effect\)/);
  });

  test('of the service itself are told', async () => {
    redshift.faults.refuse('ExecuteStatement', 'ValidationException');
    await expect(api.query('SELECT 1 AS n')).rejects.toThrow(
      /A statement failed: ValidationException: .*\n {2}SELECT 1 AS n/,
    );
  });
});

describe('COPY', () => {
  test('reads a manifest, and what is wrong is in sys_load_error_detail', async () => {
    await api.batch([statement('CREATE TABLE loaded (id VARCHAR(4) NOT NULL, n INTEGER, at TIMESTAMP)')]);
    await put('a.json', '{"id":"a","n":1,"at":1770000000250}\n{"id":"b","other":1}\n');
    await put('b.json.gz', gzipSync('{"id":"éé","n":null}\n'));
    await put('manifest', JSON.stringify({ entries: [{ url: 's3://data/a.json', mandatory: true }] }));
    const copy = (from: string, more = '') =>
      statement(
        `COPY loaded FROM 's3://data/${from}' IAM_ROLE '${role}' FORMAT JSON 'auto' TIMEFORMAT 'epochmillisecs' ${more}`,
      );
    expect(await api.batch([copy('manifest', 'MANIFEST'), copy('b.json.gz', 'GZIP')])).toEqual([2, 1]);
    expect(await api.query('SELECT id, n, at FROM loaded ORDER BY id')).toEqual([
      { id: 'a', n: 1, at: '2026-02-02T02:40:00.250Z' },
      { id: 'b', n: null, at: null },
      { id: 'éé', n: null, at: null },
    ]);
    await put('bad.json', '{"id":"c"}\n{"id":"ééé"}\n{"id":"d","n":"x"}\n{}\nno json\n');
    const failed = await api
      .batch([statement('DELETE FROM loaded'), copy('bad.json')])
      .catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(StatementError);
    expect(failed).toMatchObject({ index: 1, message: expect.stringContaining('Statement 2 of 2') });
    const queryId = (failed as StatementError).queryId ?? 0;
    const errors = `SELECT TRIM(file_name) AS file, line_number, TRIM(column_name) AS name, error_code
      FROM sys_load_error_detail WHERE query_id = $id ORDER BY line_number`;
    expect(await api.query(errors, { id: queryId })).toEqual([
      { file: 's3://data/bad.json', line_number: 2, name: 'id', error_code: 1204 },
    ]);
    expect(await api.query('SELECT COUNT(*) AS n FROM loaded')).toEqual([{ n: 3 }]);
  });
});
