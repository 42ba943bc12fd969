import { open } from 'node:fs/promises';
import { SourceError } from '../source.ts';

/** The names of the columns of a CSV file, and what stands between its cells. */
export interface CsvHeader {
  readonly names: readonly string[];
  readonly delimiter: string;
}

const delimiters = [',', ';', '\t', '|'];
const headerBytesMax = 64 * 1024;

/**
 * Reads the first row of a CSV file; its delimiter is the one that makes the most cells of it.
 *
 * @throws SourceError of kind `shape` when it has no header in UTF-8
 */
export async function readCsvHeader(path: string): Promise<CsvHeader> {
  const bytes = await firstBytes(path);
  if (bytes[0] === 0xff || bytes[0] === 0xfe) throw new SourceError(`${path} is not UTF-8.`, { kind: 'shape' });
  const head = new TextDecoder().decode(bytes);
  const [widest] = delimiters
    .map((delimiter) => ({ delimiter, names: splitCells(head, delimiter) }))
    .sort((one, other) => other.names.length - one.names.length);
  if (!widest?.names.some((name) => name.trim() !== '')) {
    throw new SourceError(`${path} has no header in its first row.`, { kind: 'shape' });
  }
  return widest;
}

/** The cells of the first record of a text. */
export function splitCells(written: string, delimiter: string): string[] {
  const mark = delimiter === '|' ? '\\|' : delimiter;
  const cell = new RegExp(`(?:"((?:[^"]|"")*)"|([^${mark}\\r\\n]*))(${mark}|[\\r\\n]|$)`, 'y');
  const cells: string[] = [];
  for (let found = cell.exec(written); found; found = cell.exec(written)) {
    const [, quoted, plain = '', end] = found;
    cells.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end !== delimiter) break;
  }
  return cells;
}

async function firstBytes(path: string): Promise<Buffer> {
  await using file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(headerBytesMax), 0, headerBytesMax, 0);
  return buffer.subarray(0, bytesRead);
}
