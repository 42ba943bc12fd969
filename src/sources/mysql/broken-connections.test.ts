import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { testMariaDb } from '../../../test/support/mariadb.ts';
import { failureOf, keysOf, readAll } from '../../../test/support/reference-source.ts';
import type { SourceError } from '../source.ts';
import { connectionOptions } from './connection-options.ts';
import { MySqlSource } from './mysql-source.ts';
import { readMySqlMapping } from './read-mapping.ts';
import { openSession } from './session.ts';

const rows = 150_000;
// With rows this many and wide, most of a table is still in the server when some of it has come.
const server = testMariaDb({
  prepare: (mariaDb) =>
    mariaDb.run(
      'CREATE TABLE customers (customer_id VARCHAR(64) PRIMARY KEY, state CHAR(2), city VARCHAR(100), zip CHAR(5))',
      `INSERT INTO customers SELECT CONCAT('c-', seq), 'TX', REPEAT('x', 100), '78704' FROM seq_1_to_${rows}`,
      'CREATE VIEW shoppers AS SELECT * FROM customers',
    ),
});

interface Changes {
  readonly table?: string;
  readonly user?: string;
  readonly database?: string;
  readonly password?: string;
  readonly attemptsMax?: number;
  readonly stallMs?: number;
}

function sourceOf(changes: Changes = {}): MySqlSource {
  const { table = 'customers', user = 'reader', database = 'shop', attemptsMax = 30, stallMs = 60_000 } = changes;
  return new MySqlSource({
    mapping: readMySqlMapping(
      `connection: { host: 127.0.0.1, port: ${server().port}, user: ${user}, database: ${database} }
customers: { table: ${table} }`,
      'test.yaml',
    ),
    environment: { SLICEHOUSE_MYSQL_PASSWORD: changes.password ?? server().password },
    retry: { attemptsMax, firstWaitMs: 20, waitMsMax: 250 },
    pageRows: 10_000,
    stallMs,
  });
}

/** Ends what the reader has open, in the way that is asked for. */
async function kill(how: 'CONNECTION' | 'QUERY'): Promise<number> {
  const connection = await server().connect();
  try {
    const [found] = await connection.query("SELECT id FROM information_schema.PROCESSLIST WHERE user = 'reader'");
    for (const { id } of found as { id: number }[]) await connection.query(`KILL ${how} ${id}`);
    return (found as unknown[]).length;
  } finally {
    await connection.end();
  }
}

/** Reads all customers; `disturb` runs once, when some of them have come. Resolves with the ids in their order. */
async function readDisturbed(source: MySqlSource, disturb: () => Promise<unknown>): Promise<string[]> {
  const ids: string[] = [];
  let disturbed = false;
  let ended = false;
  for await (const event of source.read('customers', null)) {
    if (event.type === 'end') {
      ended = true;
      continue;
    }
    ids.push(...event.records.map((record) => String(record['customer_id'])));
    if (disturbed || ids.length < 12_000) continue;
    disturbed = true;
    await disturb();
  }
  expect([disturbed, ended]).toEqual([true, true]);
  return ids;
}

describe('a read that is broken off goes on where it was', () => {
  it.each([
    ['the connection was killed', () => kill('CONNECTION')],
    ['the statement was killed', () => kill('QUERY')],
    [
      'the server was stopped and started',
      async () => {
        await server().stop();
        setTimeout(() => server().start(), 300);
      },
    ],
    [
      'the server crashed',
      async () => {
        server().signal('SIGKILL');
        await server().stop();
        await server().start();
      },
    ],
  ])('when %s', async (_what, disturb) => {
    const ids = await readDisturbed(sourceOf(), disturb);
    expect(ids).toHaveLength(rows);
    expect(new Set(ids).size).toBe(rows);
  });

  it('in one statement over a view, giving the last row again', async () => {
    const ids = await readDisturbed(sourceOf({ table: 'shoppers' }), async () =>
      expect(await kill('CONNECTION')).toBe(1),
    );
    expect(new Set(ids).size).toBe(rows);
    expect(ids).toHaveLength(rows + 1);
  });

  it('when the server says nothing any more', async () => {
    const ids = await readDisturbed(sourceOf({ stallMs: 300 }), async () => {
      server().signal('SIGSTOP');
      setTimeout(() => server().signal('SIGCONT'), 1_000);
    });
    expect(new Set(ids).size).toBe(rows);
  });

  it('but not when the table is another one by then', async () => {
    const altered = readDisturbed(sourceOf(), async () => {
      await kill('CONNECTION');
      await server().run('ALTER TABLE customers CHANGE zip zip_code CHAR(5)');
    });
    try {
      expect((await failureOf(altered)).message).toContain(
        'was altered while it was read. It has customer_id, state, city, zip_code.',
      );
    } finally {
      await server().run('ALTER TABLE customers CHANGE zip_code zip CHAR(5)');
    }
  });
});

it('a read sees the table as it was at its beginning, and keeps nobody from writing', async () => {
  const ids = await readDisturbed(sourceOf(), () =>
    server().run(
      "INSERT INTO customers VALUES ('d-1', 'TX', NULL, NULL)",
      "DELETE FROM customers WHERE customer_id = 'c-99999'",
      "UPDATE customers SET state = 'NY' WHERE customer_id = 'c-1'",
    ),
  );
  await server().run(
    "DELETE FROM customers WHERE customer_id = 'd-1'",
    "INSERT INTO customers SELECT 'c-99999', state, city, zip FROM customers WHERE customer_id = 'c-2'",
  );
  expect([ids.length, ids.at(-1)]).toEqual([rows, 'c-99999']);
});

describe('a read that is given up', () => {
  it('early leaves no connection behind', async () => {
    for await (const event of sourceOf().read('customers', null)) {
      expect(event.type).toBe('batch');
      break;
    }
    await expect.poll(() => kill('CONNECTION'), { timeout: 5_000 }).toBe(0);
  });

  it.each(['customers', 'shoppers'])('by a signal ends with its reason (%s)', async (table) => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const reading = async () => {
      for await (const _ of sourceOf({ table }).read('customers', null, { signal: controller.signal })) {
        controller.abort(reason);
      }
    };
    expect(await failureOf(reading())).toBe(reason);
    await expect.poll(() => kill('CONNECTION'), { timeout: 5_000 }).toBe(0);
  });
});

describe('a server that cannot be read', () => {
  it('is down: said after some attempts', async () => {
    await server().stop();
    try {
      const error = (await failureOf(readAll(sourceOf({ attemptsMax: 3 }), 'customers'))) as SourceError;
      expect(error.kind).toBe('unavailable');
      expect(error.message).toMatch(
        /^MySQL shop at 127\.0\.0\.1:\d+ does not answer \(tried 3 times in \d s\): .*ECONNREFUSED/,
      );
    } finally {
      await server().start();
    }
  });

  it.each([
    ['password', { password: 'wr0ng-passw0rd' }, /Access denied/],
    ['account', { user: 'nobody' }, /Access denied/],
    ['database', { database: 'elsewhere' }, /denied|Unknown database/],
  ])('with another %s: said at once, without the password', async (_what, changes, message) => {
    const start = performance.now();
    const error = (await failureOf(keysOf(sourceOf(changes), 'customers'))) as SourceError;
    expect(error.kind).toBe('refused');
    expect(error.message).toMatch(message);
    expect(performance.now() - start).toBeLessThan(2_000);
    const everything = inspect(error, { depth: 20, showHidden: true }) + JSON.stringify(error);
    for (const secret of ['wr0ng-passw0rd', 's3cret', 'of-the-reader']) expect(everything).not.toContain(secret);
  });
});

it('a session cannot write, even where its account may', async () => {
  await server().run("GRANT ALL ON shop.* TO reader@'%'");
  const connection = { host: '127.0.0.1', port: server().port, user: 'reader', database: 'shop' };
  const options = await connectionOptions(connection, { SLICEHOUSE_MYSQL_PASSWORD: server().password });
  const session = await openSession(options, { signal: undefined, stallMs: 10_000 });
  try {
    const error = await failureOf(session.query('DELETE FROM customers WHERE customer_id = ?', ['c-1']));
    expect(error.message).toMatch(/READ ONLY/i);
  } finally {
    session.close();
    await server().run("REVOKE ALL ON shop.* FROM reader@'%'", "GRANT SELECT ON shop.* TO reader@'%'");
  }
});
