import type { Readable } from 'node:stream';
import { type ConnectionOptions, createConnection, type RowDataPacket } from 'mysql2';
import { fixedClock, type ZoneClock, zoneClock } from '../zone-clock.ts';

/** A value that a statement is given; never a part of its text. */
export type SqlValue = string | number;

/** The server's clock when the session began. */
export interface ServerClock {
  /** Milliseconds since 1970, before the snapshot was taken. */
  readonly nowMs: number;
  /** How far it is ahead of the clock here, in milliseconds. */
  readonly skewMs: number;
  /** The zone of the server, in which it writes DATETIME columns by itself. */
  readonly zone: ZoneClock;
}

/**
 * One connection that sees the database as it was at one moment and cannot change it. TIMESTAMP columns are given in
 * UTC. It takes no locks but the one that every reader takes: the table cannot be altered meanwhile.
 */
export interface Session {
  readonly clock: ServerClock;
  query(sql: string, values: readonly SqlValue[]): Promise<Record<string, unknown>[]>;
  /** Rows as arrays, as fast as they are taken. */
  stream(sql: string, values: readonly SqlValue[]): AsyncIterable<unknown[]>;
  close(): void;
}

/** What a session obeys. */
export interface SessionLimits {
  readonly signal: AbortSignal | undefined;
  /** Without an answer or a row for this long, in milliseconds, the connection counts as lost. */
  readonly stallMs: number;
}

/** Rows that wait here while others are worked on. */
const rowsAhead = 2_000;

type Driver = ReturnType<typeof createConnection>;

/**
 * Connects and takes the snapshot.
 *
 * @throws the error of the driver
 */
export async function openSession(options: ConnectionOptions, limits: SessionLimits): Promise<Session> {
  limits.signal?.throwIfAborted();
  const driver = createConnection(options);
  const session = new MySqlSession(driver, limits);
  try {
    await session.begin();
    return session;
  } catch (error) {
    session.close();
    throw error;
  }
}

class MySqlSession implements Session {
  readonly #driver: Driver;
  readonly #limits: SessionLimits;
  #clock: ServerClock | undefined;
  #lost: Error | undefined;
  #rows: Readable | undefined;

  constructor(driver: Driver, limits: SessionLimits) {
    this.#driver = driver;
    this.#limits = limits;
    // mysql2 tells a stream of rows nothing about the end of its connection.
    driver.on('error', (error: Error) => {
      this.#lost = error;
      this.#rows?.destroy(error);
    });
    limits.signal?.addEventListener('abort', this.#abort);
  }

  get clock(): ServerClock {
    if (!this.#clock) throw new Error('The session has not begun.');
    return this.#clock;
  }

  async begin(): Promise<void> {
    this.#clock = await this.#readClock();
    for (const statement of [
      "SET SESSION time_zone = '+00:00', lock_wait_timeout = 60",
      'SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ',
      'SET SESSION TRANSACTION READ ONLY',
      'START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY',
    ]) {
      await this.#driver.promise().query({ sql: statement, timeout: this.#limits.stallMs });
    }
  }

  async query(sql: string, values: readonly SqlValue[]): Promise<Record<string, unknown>[]> {
    const [rows] = await this.#driver
      .promise()
      .execute<RowDataPacket[]>({ sql, values: [...values], timeout: this.#limits.stallMs });
    return rows;
  }

  async *stream(sql: string, values: readonly SqlValue[]): AsyncGenerator<unknown[]> {
    if (this.#lost) throw this.#lost;
    const rows = this.#driver
      .execute({ sql, rowsAsArray: true, values: [...values] })
      .stream({ highWaterMark: rowsAhead });
    this.#rows = rows;
    const { stallMs } = this.#limits;
    const stalled = setTimeout(() => {
      const error = new Error(`no row came for ${stallMs / 1000} s`);
      rows.destroy(Object.assign(error, { code: 'STALLED' }));
    }, stallMs);
    try {
      let count = 0;
      for await (const row of rows as AsyncIterable<unknown[]>) {
        count += 1;
        if (count % rowsAhead === 1) stalled.refresh();
        yield row;
      }
      if (this.#lost) throw this.#lost;
    } finally {
      clearTimeout(stalled);
      this.#rows = undefined;
    }
  }

  close(): void {
    this.#limits.signal?.removeEventListener('abort', this.#abort);
    this.#driver.destroy();
  }

  #abort = (): void => {
    this.#rows?.destroy(this.#limits.signal?.reason as Error);
    this.#driver.destroy();
  };

  async #readClock(): Promise<ServerClock> {
    const askedAt = Date.now();
    const [[row]] = await this.#driver.promise().query<RowDataPacket[]>({
      sql: 'SELECT NOW(6) AS here, UTC_TIMESTAMP(6) AS utc, @@session.time_zone AS zone, @@system_time_zone AS host_zone',
      timeout: this.#limits.stallMs,
    });
    const { here, utc, zone, host_zone } = row as Record<'here' | 'utc' | 'zone' | 'host_zone', string>;
    const nowMs = instantMs(utc);
    const offsetMinutes = Math.round((instantMs(here) - nowMs) / 60_000);
    return {
      nowMs,
      skewMs: Math.round(nowMs - (askedAt + Date.now()) / 2),
      zone: zoneOf(zone === 'SYSTEM' ? host_zone : zone, offsetMinutes),
    };
  }
}

function instantMs(written: string): number {
  return Date.parse(`${written.slice(0, 23).replace(' ', 'T')}Z`);
}

/** Servers name their zone as IANA does, as an offset, or by letters such as EST, which say nothing about summer. */
function zoneOf(name: string, offsetMinutes: number): ZoneClock {
  if (!name.includes('/') && name !== 'UTC') return fixedClock(offsetMinutes);
  try {
    return zoneClock(name);
  } catch {
    return fixedClock(offsetMinutes);
  }
}
