import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { BookProblemCode } from '../../src/contract/verification.ts';

/** Something done to a closed data folder behind the house's back, and the problem that has to be named. */
export interface Damage {
  readonly code: BookProblemCode;
  /** `pick`, from 0 on, chooses which row, file or byte. */
  readonly strike: (folder: string, pick: number) => Promise<void>;
}

/** Runs statements on the warehouse of a closed house; `$ROW` stands for the rowid of a chosen row of the table. */
export function sql(table: string, where: string, ...statements: readonly string[]): Damage['strike'] {
  return async (folder, pick) => {
    const instance = await DuckDBInstance.create(join(folder, 'warehouse.duckdb'));
    const connection = await instance.connect();
    try {
      const chosen = await connection.runAndReadAll(
        `SELECT rowid FROM ${table} WHERE ${where} ORDER BY hash(rowid + ${pick}) LIMIT 1`,
      );
      const row = chosen.getRows()[0]?.[0];
      if (row === undefined) throw new Error(`${table} has no row where ${where}.`);
      for (const statement of statements) await connection.run(statement.replaceAll('$ROW', String(row)));
    } finally {
      connection.closeSync();
      instance.closeSync();
    }
  };
}

function filesBelow(folder: string, ending: string): string[] {
  return readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => join(folder, name));
}

/** Changes a file below a folder of the data folder. */
export function file(below: string, ending: string, change: (path: string, pick: number) => void): Damage['strike'] {
  return async (folder, pick) => {
    const files = filesBelow(join(folder, below), ending);
    const chosen = files[pick % files.length];
    if (chosen === undefined) throw new Error(`There is no ${ending} below ${below}.`);
    change(chosen, pick);
  };
}

/** Flips a bit in front of the seal; the records of a segment file are longer than two seals. */
export function flip(path: string, pick: number): void {
  const bytes = readFileSync(path);
  const at = pick % (bytes.length - 80);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << (pick % 8));
  writeFileSync(path, bytes);
}

/** Takes the last line away. */
export function cutSeal(path: string): void {
  const bytes = readFileSync(path);
  truncateSync(path, bytes.lastIndexOf(0x0a, -2) + 1);
}

/** Makes the seal say one record more. */
export function changeSeal(path: string): void {
  const text = readFileSync(path, 'latin1');
  writeFileSync(
    path,
    text.replace(/"records":(\d+)/, (_, records) => `"records":${Number(records) + 1}`),
    'latin1',
  );
}
