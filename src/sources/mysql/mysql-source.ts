import {
  type ReadEnd,
  type ReadOptions,
  type ReferenceBatch,
  type ReferenceSource,
  type ReferenceTable,
  referenceTables,
  SourceError,
  type Watermark,
} from '../source.ts';
import { fixedClock, type ZoneClock, zoneClock } from '../zone-clock.ts';
import { defaultRetry, type RetryPolicy } from './attempts.ts';
import { basisOf, refuseLostColumns } from './basis.ts';
import { connectionOptions, type Environment, placeOf } from './connection-options.ts';
import type { MySqlMapping, Section } from './mapping-schema.ts';
import { type Plan, type RowReader, readRows } from './read-rows.ts';
import { readKey } from './read-value.ts';
import { openSession, type ServerClock, type Session } from './session.ts';
import { changedSince } from './statements.ts';
import { findShape, type TableShape } from './table-shape.ts';
import { selected, toRecords } from './to-records.ts';

export interface MySqlOptions {
  readonly mapping: MySqlMapping;
  /** Where SLICEHOUSE_MYSQL_PASSWORD is looked up. */
  readonly environment: Environment;
  readonly retry?: RetryPolicy;
  /** Rows of one statement; default 100,000. */
  readonly pageRows?: number;
  /** Milliseconds without an answer after which a connection counts as lost; default 5 minutes, for views to sort. */
  readonly stallMs?: number;
}

/** A plan, and what the end of the read needs to know of the session that made it. */
interface Prepared extends Plan {
  readonly basis: string;
  readonly clock: ServerClock;
  /** The zone of the watermark column. */
  readonly zone: ZoneClock;
}

const defaultOverlapMinutes = 10;
const defaultPageRows = 100_000;
const defaultStallMs = 300_000;

/** Stores, customers and menu items from tables or views of a MySQL or MariaDB server, which is only read. */
export class MySqlSource implements ReferenceSource {
  readonly name: string;
  readonly origin = 'mysql';
  readonly tables: readonly ReferenceTable[];
  readonly #options: MySqlOptions;

  constructor(options: MySqlOptions) {
    this.#options = options;
    this.name = placeOf(options.mapping.connection);
    this.tables = referenceTables.filter((table) => sectionOf(options.mapping, table) !== undefined);
  }

  async *read(
    table: ReferenceTable,
    since: Watermark | null,
    { whole = false, signal }: ReadOptions = {},
  ): AsyncGenerator<ReferenceBatch | ReadEnd> {
    // What changes after the first snapshot may be read or not, whatever sessions follow: the next read begins there.
    let first: Prepared | undefined;
    const plan = async (session: Session): Promise<Plan> => {
      const prepared = await this.#prepare(session, table, since, whole);
      first ??= prepared;
      if (prepared.basis === first.basis) return prepared;
      const message = `The table \`${prepared.shape.table}\` was altered while it was read. ${prepared.shape.has}`;
      throw new SourceError(message, { kind: 'shape' });
    };
    let convert: ReturnType<typeof toRecords> | undefined;
    for await (const rows of readRows(this.#reader(plan, signal))) {
      if (!first) break;
      convert ??= toRecords(table, first.shape, first.zone, first.clock.nowMs);
      yield convert(rows);
    }
    if (first) yield endOf(first);
  }

  async *keys(
    table: ReferenceTable,
    since: Watermark | null,
    { signal }: ReadOptions = {},
  ): AsyncGenerator<readonly string[]> {
    const plan = async (session: Session): Promise<Plan> => {
      const shape = await this.#shape(session, table, since);
      return { shape, columns: [shape.key], changed: undefined };
    };
    for await (const rows of readRows(this.#reader(plan, signal))) {
      yield rows.map(([key]) => readKey(key)).filter((key) => key !== null);
    }
  }

  async #prepare(session: Session, table: ReferenceTable, since: Watermark | null, whole: boolean): Promise<Prepared> {
    const shape = await this.#shape(session, table, since);
    const basis = basisOf(shape, this.#options.mapping.zone);
    const zone = this.#zoneOf(session.clock, shape);
    // The menu is small, and taken over as a whole.
    const isWhole = whole || table === 'menu_items' || since?.basis !== basis;
    const changed = isWhole ? undefined : this.#changed(shape, since, zone);
    return { shape, columns: selected(shape), changed, basis, clock: session.clock, zone };
  }

  async #shape(session: Session, table: ReferenceTable, since: Watermark | null): Promise<TableShape> {
    const section = sectionOf(this.#options.mapping, table);
    if (section === undefined) {
      throw new SourceError(`The mapping of ${this.name} leaves ${table} out.`, { kind: 'mapping' });
    }
    const shape = await findShape(session, table, section);
    refuseLostColumns(table, shape, section, since);
    return shape;
  }

  #reader(plan: RowReader['plan'], signal: AbortSignal | undefined): RowReader {
    const { mapping, environment, retry = defaultRetry, pageRows = defaultPageRows } = this.#options;
    const limits = { signal, stallMs: this.#options.stallMs ?? defaultStallMs };
    const open = async () => openSession(await connectionOptions(mapping.connection, environment), limits);
    return { place: this.name, retry, pageRows, signal, open, plan };
  }

  #changed({ watermark }: TableShape, since: Watermark, zone: ZoneClock): Plan['changed'] {
    if (watermark === undefined) return undefined;
    const overlapMs = (this.#options.mapping.overlap_minutes ?? defaultOverlapMinutes) * 60_000;
    return changedSince(watermark, Date.parse(since.through) - overlapMs, zone);
  }

  #zoneOf(clock: ServerClock, { watermark }: TableShape): ZoneClock {
    // The session is in UTC, and so is every TIMESTAMP that it sees.
    if (watermark?.type === 'timestamp') return fixedClock(0);
    const { zone } = this.#options.mapping;
    return zone === undefined ? clock.zone : zoneClock(zone);
  }
}

/** Stores and customers are kept unless the mapping says that they are not; menu items only if it names them. */
function sectionOf(mapping: MySqlMapping, table: ReferenceTable): Section | undefined {
  const section = mapping[table] ?? (table === 'menu_items' ? false : {});
  return section === false ? undefined : section;
}

function endOf({ clock, basis, changed }: Prepared): ReadEnd {
  return {
    type: 'end',
    watermark: { through: instantOf(clock), basis },
    isWhole: changed === undefined,
    clockSkewMs: clock.skewMs,
  };
}

function instantOf({ nowMs }: ServerClock): string {
  return new Date(nowMs).toISOString();
}
