/** How the cells of a CSV file are written. An empty `quote` means that nothing is quoted. */
export interface CsvDialect {
  readonly delimiter: string;
  readonly quote: string;
  readonly escape: string;
}

/** One record: its cells, the text it was made from without the line break, and whether a quote was left open. */
export interface CsvRecord {
  readonly cells: string[];
  readonly raw: string;
  readonly torn: boolean;
}

interface Scanned {
  readonly record: CsvRecord;
  /** Where the next record begins. */
  readonly next: number;
}

/** A quoted cell that is longer than this has lost its closing quote. */
export const recordCharactersMax = 1024 * 1024;

/**
 * Splits CSV text that arrives piece by piece into records. Quoted cells may hold delimiters, line breaks and
 * doubled quotes; a quote within an unquoted cell is a letter. A quote that is never closed costs its own line only.
 */
export class CsvSplitter {
  readonly #dialect: CsvDialect;
  #text = '';
  #cellEnd = 0;

  constructor(dialect: CsvDialect) {
    this.#dialect = dialect;
  }

  /** The records that are whole after this piece of text; `last` says that none follows. */
  push(piece: string, last: boolean): CsvRecord[] {
    this.#text += piece;
    const records: CsvRecord[] = [];
    let start = 0;
    while (start < this.#text.length) {
      const scanned = this.#scan(start, last);
      if (!scanned) break;
      records.push(scanned.record);
      start = scanned.next;
    }
    this.#text = this.#text.slice(start);
    return records;
  }

  #scan(start: number, last: boolean): Scanned | undefined {
    const cells: string[] = [];
    for (let at = start; ; ) {
      cells.push(this.#cell(at));
      const end = this.#cellEnd;
      if (end < 0) return this.#unclosed(start, last);
      if (end >= this.#text.length && !last) return undefined;
      if (this.#text[end] !== this.#dialect.delimiter) return this.#record(start, end, cells, last);
      at = end + 1;
    }
  }

  #record(start: number, end: number, cells: string[], last: boolean): Scanned | undefined {
    const text = this.#text;
    // A line feed that belongs to this carriage return may be the first letter of the next piece.
    if (text[end] === '\r' && end + 1 === text.length && !last) return undefined;
    const next = text.startsWith('\r\n', end) ? end + 2 : end + 1;
    return { record: { cells, raw: text.slice(start, end), torn: false }, next };
  }

  #unclosed(start: number, last: boolean): Scanned | undefined {
    const tooLong = this.#text.length - start > recordCharactersMax;
    return last || tooLong ? this.#torn(start) : undefined;
  }

  /** The line where a quote was opened and never closed, up to its own end. */
  #torn(start: number): Scanned {
    const found = this.#text.slice(start).search(/[\r\n]/);
    const end = found < 0 ? this.#text.length : start + found;
    const next = this.#text.startsWith('\r\n', end) ? end + 2 : end + 1;
    const raw = this.#text.slice(start, end);
    return { record: { cells: raw.split(this.#dialect.delimiter), raw, torn: true }, next };
  }

  /** The cell that starts here; leaves its end in #cellEnd, −1 if its quote is not closed. */
  #cell(start: number): string {
    const { quote } = this.#dialect;
    if (quote !== '' && this.#text[start] === quote) return this.#quoted(start + 1);
    this.#cellEnd = this.#endOfPlain(start);
    return this.#text.slice(start, this.#cellEnd);
  }

  #quoted(start: number): string {
    const { quote, escape: mark } = this.#dialect;
    const text = this.#text;
    let value = '';
    let from = start;
    for (let at = start; at < text.length; at++) {
      const letter = text[at];
      if (letter === mark && (text[at + 1] === quote || (mark !== quote && text[at + 1] === mark))) {
        value += text.slice(from, at) + text[at + 1];
        at += 1;
        from = at + 1;
      } else if (letter === quote) {
        this.#cellEnd = this.#endOfPlain(at + 1);
        return value + text.slice(from, at) + text.slice(at + 1, this.#cellEnd);
      }
    }
    this.#cellEnd = -1;
    return '';
  }

  #endOfPlain(start: number): number {
    const delimiter = this.#dialect.delimiter.charCodeAt(0);
    const text = this.#text;
    for (let at = start; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === delimiter || code === 10 || code === 13) return at;
    }
    return text.length;
  }
}
