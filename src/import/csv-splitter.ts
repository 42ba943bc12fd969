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

/** A quoted cell that is longer than this has lost its closing quote. */
export const recordCharactersMax = 1024 * 1024;

/**
 * Splits CSV text that arrives piece by piece into records. Quoted cells may hold delimiters, line breaks and
 * doubled quotes; a quote within an unquoted cell is a letter. A quote that is never closed costs its own line only.
 */
export class CsvSplitter {
  readonly #dialect: CsvDialect;
  #text = '';

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

  #scan(start: number, last: boolean): { record: CsvRecord; next: number } | undefined {
    const text = this.#text;
    const cells: string[] = [];
    for (let at = start; ; ) {
      const cell = this.#cell(at);
      if (cell.end >= text.length || cell.open) {
        const tooLong = text.length - start > recordCharactersMax;
        if (!last && !(cell.open && tooLong)) return undefined;
        if (cell.open) return this.#torn(start);
      }
      cells.push(cell.value);
      if (text[cell.end] !== this.#dialect.delimiter) {
        const next = text[cell.end] === '\r' && text[cell.end + 1] === '\n' ? cell.end + 2 : cell.end + 1;
        if (next > text.length - 1 && text[cell.end] === '\r' && !last) return undefined;
        return { record: { cells, raw: text.slice(start, cell.end), torn: false }, next };
      }
      at = cell.end + 1;
    }
  }

  /** The line where a quote was opened and never closed, up to its own end. */
  #torn(start: number): { record: CsvRecord; next: number } {
    const found = this.#text.slice(start).search(/[\r\n]/);
    const end = found < 0 ? this.#text.length : start + found;
    const next = this.#text.startsWith('\r\n', end) ? end + 2 : end + 1;
    const raw = this.#text.slice(start, end);
    return { record: { cells: raw.split(this.#dialect.delimiter), raw, torn: true }, next };
  }

  #cell(start: number): { value: string; end: number; open: boolean } {
    const { quote } = this.#dialect;
    if (quote === '' || this.#text[start] !== quote) {
      const end = this.#endOfPlain(start);
      return { value: this.#text.slice(start, end), end, open: false };
    }
    return this.#quoted(start + 1);
  }

  #quoted(start: number): { value: string; end: number; open: boolean } {
    const { quote, escape } = this.#dialect;
    const text = this.#text;
    let value = '';
    let from = start;
    for (let at = start; at < text.length; at++) {
      const letter = text[at];
      if (letter === escape && (text[at + 1] === quote || (escape !== quote && text[at + 1] === escape))) {
        value += text.slice(from, at) + text[at + 1];
        at += 1;
        from = at + 1;
      } else if (letter === quote) {
        const end = this.#endOfPlain(at + 1);
        return { value: value + text.slice(from, at) + text.slice(at + 1, end), end, open: false };
      }
    }
    return { value: value + text.slice(from), end: text.length, open: true };
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
