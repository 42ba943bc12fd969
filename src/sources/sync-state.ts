import { open, readFile, rename } from 'node:fs/promises';
import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import type { ReferenceTable, Watermark } from './source.ts';

const StateSchema = Type.Object({
  source: Type.String(),
  tables: Type.Record(Type.String(), Type.Object({ through: Type.String(), basis: Type.String() })),
});
type State = Static<typeof StateSchema>;

const checked = Compile(StateSchema);

/** How far the tables of a source have been taken over by the warehouse, kept in a small JSON file. */
export class SyncState {
  readonly #path: string;
  #state: State;

  private constructor(path: string, state: State) {
    this.#path = path;
    this.#state = state;
  }

  /** A file that is missing, damaged or of another source says nothing: everything is read again. */
  static async open(path: string, source: string): Promise<SyncState> {
    const state = await readState(path);
    return new SyncState(path, state?.source === source ? state : { source, tables: {} });
  }

  watermark(table: ReferenceTable): Watermark | null {
    return this.#state.tables[table] ?? null;
  }

  /** Writes a new watermark in one step: a crash leaves the old file or the new one. */
  async advance(table: ReferenceTable, { through, basis }: Watermark): Promise<void> {
    this.#state = { ...this.#state, tables: { ...this.#state.tables, [table]: { through, basis } } };
    const beside = `${this.#path}.new`;
    const file = await open(beside, 'w');
    try {
      await file.writeFile(`${JSON.stringify(this.#state, null, 2)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, this.#path);
  }
}

async function readState(path: string): Promise<State | undefined> {
  try {
    const state: unknown = JSON.parse(await readFile(path, 'utf8'));
    return checked.Check(state) ? state : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
