import type { SqlParameters, WriteStatement } from '../warehouse.ts';

/** A statement, which takes what it names of the parameters. */
export function statement(sql: string, parameters: SqlParameters = {}): WriteStatement {
  return { sql, parameters };
}

/**
 * The first statement of every batch that changes what is counted: one at a time. It comes before anything that reads,
 * so that what the batch sees is what the one before it left.
 */
export const lock: WriteStatement = statement('LOCK write_lock');

/** An instant as SQL writes it, in UTC. */
export function sqlInstant(epochMs: number): string {
  return new Date(epochMs).toISOString().replace('T', ' ').replace('Z', '');
}

/** Ends a batch that changes reference data, and so what reports say. */
export const nextVersion: WriteStatement = statement('UPDATE reference_version SET version = version + 1');
