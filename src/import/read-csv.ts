import { type CsvDialect, type CsvRecord, CsvSplitter, recordCharactersMax } from './csv-splitter.ts';
import { decodeText } from './decode-text.ts';
import { ImportError } from './import-error.ts';
import type { FileSpec } from './mapping-schema.ts';
import type { RowReader, SourceRow } from './source-row.ts';

const delimiters = [',', ';', '\t', '|'];

/**
 * Opens a CSV file. Rows count as in a spreadsheet: blank ones too, a quoted line break does not start a new one.
 *
 * @throws ImportError when there is no header
 */
export async function openCsv(path: string, spec: FileSpec): Promise<RowReader> {
  const dialect = await dialectOf(path, spec);
  const columns = spec.columns ?? (await headerOf(path, spec, dialect));
  const skipped = (spec.skip_rows ?? 0) + (spec.columns ? 0 : 1);
  return {
    columns,
    async *batches() {
      let row = 0;
      for await (const records of recordsOf(path, spec, dialect)) {
        const batch: SourceRow[] = [];
        for (const record of records) {
          row += 1;
          if (row > skipped && record.raw.trim() !== '') batch.push(rowOf(record, row, columns.length, spec));
        }
        if (batch.length > 0) yield batch;
      }
    },
  };
}

function rowOf(record: CsvRecord, row: number, width: number, spec: FileSpec): SourceRow {
  return { row, raw: record.raw, value: record.cells, fault: faultOf(record, width, spec) };
}

function faultOf({ cells, torn }: CsvRecord, width: number, { ragged, quote = '"' }: FileSpec): string | undefined {
  if (torn) return `opens a ${quote} that is never closed`;
  if (cells.length < width && !ragged) return `has ${cells.length} cells where the header has ${width}`;
  if (cells.length > width && cells.slice(width).some((cell) => cell.trim() !== '')) {
    return `has ${cells.length} cells where the header has ${width}`;
  }
  return undefined;
}

async function* recordsOf(path: string, spec: FileSpec, dialect: CsvDialect): AsyncGenerator<CsvRecord[]> {
  const splitter = new CsvSplitter(dialect);
  for await (const piece of decodeText(path, spec.encoding)) yield splitter.push(piece, false);
  yield splitter.push('', true);
}

async function headerOf(path: string, spec: FileSpec, dialect: CsvDialect): Promise<string[]> {
  let left = spec.skip_rows ?? 0;
  for await (const records of recordsOf(path, spec, dialect)) {
    const header = records[left];
    if (header) {
      if (header.raw.trim() === '') break;
      return header.cells.map((cell) => cell.trim());
    }
    left -= records.length;
  }
  throw new ImportError(`${path} has no header row: it is empty${spec.skip_rows ? ' after skip_rows' : ''}.`);
}

async function dialectOf(path: string, spec: FileSpec): Promise<CsvDialect> {
  const quote = spec.quote ?? '"';
  const delimiter = spec.delimiter ?? (await detectDelimiter(path, spec, quote));
  return { delimiter, quote, escape: spec.escape ?? quote };
}

/** The delimiter that splits the first row (the header, where there is one) into the most cells. */
async function detectDelimiter(path: string, spec: FileSpec, quote: string): Promise<string> {
  let head = '';
  for await (const piece of decodeText(path, spec.encoding)) {
    head += piece;
    if (head.length > recordCharactersMax / 4) break;
  }
  const row = spec.skip_rows ?? 0;
  const widths = delimiters.map((delimiter) => {
    const records = new CsvSplitter({ delimiter, quote, escape: spec.escape ?? quote }).push(head, true);
    return records[row]?.cells.length ?? 0;
  });
  return delimiters[widths.indexOf(Math.max(...widths))] ?? ',';
}
