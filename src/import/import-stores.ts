import type { Row } from './binder.ts';
import type { ImportSession } from './import-session.ts';
import type { ReadMapping } from './read-mapping.ts';
import { originOf, readPlaceOf } from './row-place.ts';
import type { Reject } from './sink.ts';

/** The stores that the mapping lists or finds in a file, as JSON, each once, and the rows that are none. */
export async function readStores(
  { bound, staging }: ImportSession,
  mapping: ReadMapping,
): Promise<{ stores: string[]; rejects: Reject[] }> {
  if (Array.isArray(mapping.stores))
    return { stores: mapping.stores.map((store) => JSON.stringify(store)), rejects: [] };
  const { stores: section } = bound;
  if (!section) return { stores: [], rejects: [] };
  const found = new Map<unknown, string>();
  const rejects: Reject[] = [];
  const rows = (await staging.connection.runAndReadAll(section.sql())).getRows();
  for (const row of rows) {
    const { store, faults } = section.build(row as Row);
    const id = store['store_id'];
    if (found.has(id)) continue;
    if (faults.length === 0) found.set(id, JSON.stringify(store));
    else {
      const origin = originOf(section.table, readPlaceOf(row, section.slots()));
      const reason = `${origin}: as a store, ${faults.join(' ')}`;
      rejects.push({ origin, code: 'invalid_reference', reason, bytes: Buffer.from(JSON.stringify(store)) });
    }
  }
  return { stores: [...found.values()], rejects };
}
