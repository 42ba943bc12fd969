import { decodeText } from './decode-text.ts';
import { jsonRow } from './json-value.ts';
import type { FileSpec } from './mapping-schema.ts';
import type { RowReader, SourceRow } from './source-row.ts';

const lineCharactersMax = 16 * 1024 * 1024;

/** Opens a file with one JSON value a line; a line that is not JSON becomes a row with a fault. */
export function openNdjson(path: string, spec: FileSpec): RowReader {
  return {
    columns: null,
    async *batches() {
      let row = 0;
      for await (const lines of linesOf(path, spec.encoding)) {
        const batch: SourceRow[] = [];
        for (const line of lines) {
          row += 1;
          if (line.trim() !== '') batch.push(rowOf(line.replace(/\r$/, ''), row));
        }
        if (batch.length > 0) yield batch;
      }
    },
  };
}

function rowOf(raw: string, row: number): SourceRow {
  const tooLong = `is longer than ${lineCharactersMax} characters`;
  return raw.length > lineCharactersMax ? { row, raw: '', value: null, fault: tooLong } : jsonRow(raw, row);
}

async function* linesOf(path: string, encoding: string | undefined): AsyncGenerator<string[]> {
  let rest = '';
  for await (const piece of decodeText(path, encoding)) {
    if (rest.length > lineCharactersMax && !piece.includes('\n')) continue;
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    yield lines;
  }
  if (rest !== '') yield [rest];
}
