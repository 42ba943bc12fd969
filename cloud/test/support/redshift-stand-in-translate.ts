import { refused } from './redshift-stand-in-error.ts';
import { refuseForeign } from './redshift-stand-in-refuse.ts';
import { closing, mask, unmask } from './redshift-stand-in-text.ts';

/** A statement as PostgreSQL takes it. */
export interface Translated {
  readonly text: string;
  readonly values: readonly string[];
  /** Lengths of VARCHAR columns that it makes, each of which needs its type. */
  readonly lengths: readonly number[];
}

/** The longest VARCHAR there is, and the one there is when nothing is said, in bytes. */
const varcharMax = 65_535;
const varcharDefault = 256;

/**
 * Makes PostgreSQL's statement of Redshift's, with a value for each parameter.
 *
 * @throws StandInError when Redshift would refuse it, or the stand-in cannot do it
 */
export function translate(sql: string, parameters: ReadonlyMap<string, string>, isBatch: boolean): Translated {
  const { code, literals } = mask(sql);
  refuseForeign(code);
  if (isBatch && /^truncate\b/i.test(code)) throw refused('TRUNCATE would commit the transaction at once: use DELETE');
  const lengths: number[] = [];
  const own = functions(
    /^(create\b[\s\S]*?\btable|alter\s+table)\b/i.test(code) ? table(code, lengths) : maintenance(code),
  );
  const values: string[] = [];
  // Each mention is a parameter of its own, so that each can have the type of its place.
  const text = own.replace(/(?<!:):([A-Za-z_]\w*)/g, (_, name: string) => {
    const value = parameters.get(name);
    if (value === undefined) throw refused(`syntax error at or near ":" (there is no parameter ${name})`);
    values.push(value);
    return `$${values.length}`;
  });
  return { text: unmask(text, literals), values, lengths };
}

/** What Redshift means by a table: no keys that hold, no indexes, VARCHAR by bytes, and where its rows lie. */
function table(code: string, lengths: number[]): string {
  if (
    /^alter\s+table\s+\S+\s+(alter\s+(diststyle|distkey|(compound\s+)?sortkey|encode)|add\s+(constraint\s+\w+\s+)?(primary|unique|foreign)\b)/i.test(
      code,
    )
  ) {
    return 'DO $$BEGIN END$$';
  }
  const select = /\bas\s*\(?\s*(select|with)\b/i.exec(code);
  if (select) return placed(code.slice(0, select.index)) + code.slice(select.index);
  refuseStrangeKeys(code);
  return placed(code)
    .replace(
      /,\s*(constraint\s+\w+\s+)?(primary\s+key|unique|foreign\s+key)\s*\([^)]*\)(\s*references\s+[\w.]+(\s*\([^)]*\))?)?/gi,
      '',
    )
    .replace(/\bprimary\s+key\b/gi, 'NOT NULL')
    .replace(/\breferences\s+[\w.]+(\s*\([^)]*\))?/gi, '')
    .replace(/\bunique\b/gi, '')
    .replace(/\b(generated\s+by\s+default\s+as\s+)?identity\s*\(\s*(-?\d+)\s*,\s*(-?\d+)\s*\)/gi, identity)
    .replace(/\b(?:n?varchar|character\s+varying|text)\b(?:\s*\(\s*(\d+|max)\s*\))?/gi, (_, length?: string) => {
      const bytes = length === undefined ? varcharDefault : /max/i.test(length) ? varcharMax : Number(length);
      if (bytes < 1 || bytes > varcharMax) throw refused(`a VARCHAR has 1 to ${varcharMax} bytes, not ${bytes}`);
      lengths.push(bytes);
      return `redshift.varchar_${bytes}`;
    });
}

/** Without the clauses on where rows lie and how they are packed. */
function placed(code: string): string {
  return code
    .replace(/\bdiststyle\s+(all|even|key|auto)\b/gi, '')
    .replace(/\bdistkey\b(\s*\([^)]*\))?/gi, '')
    .replace(/\b(compound\s+|interleaved\s+)?sortkey\b(\s*\([^)]*\)|\s+auto\b)?/gi, '')
    .replace(/\bencode\s+\w+/gi, '')
    .replace(/\bbackup\s+(yes|no)\b/gi, '');
}

function identity(_: string, byDefault: string | undefined, seed: string, step: string): string {
  return `GENERATED ${byDefault ? 'BY DEFAULT' : 'ALWAYS'} AS IDENTITY (MINVALUE ${seed} START WITH ${seed} INCREMENT BY ${step})`;
}

/** Redshift refuses a distribution or sort key that is no column; here nothing else would notice. */
function refuseStrangeKeys(code: string): void {
  if (!/^create\b/i.test(code)) return;
  for (const [, columns = ''] of code.matchAll(/\b(?:distkey|sortkey)\s*\(([^)]*)\)/gi)) {
    for (const column of columns.split(',').map((name) => name.trim())) {
      if (!new RegExp(`[(,]\\s*"?${column}"?\\s+[a-z]`, 'i').test(code))
        throw refused(`column "${column}" of a key does not exist`);
    }
  }
}

/** VACUUM and ANALYZE without what only Redshift can do. */
function maintenance(code: string): string {
  const vacuum = /^vacuum\s+(?:(?:full|sort\s+only|delete\s+only|reindex|recluster)\s+)?([\w.]+)?/i.exec(code);
  if (vacuum) return `VACUUM ${vacuum[1] ?? ''}`;
  const analyze = /^analyze\s+([\w.]+)/i.exec(code);
  return analyze ? `ANALYZE ${analyze[1]}` : code;
}

/** Redshift's functions: most are made in PostgreSQL at the start, the others need other words. */
function functions(code: string): string {
  const renamed = code
    .replace(/\bsysdate\b/gi, 'getdate()')
    .replace(/\bnvl\s*\(/gi, 'COALESCE(')
    .replace(/\b(dateadd|datediff|date_part_year)\s*\(\s*([a-z_]+)\s*,/gi, "$1('$2',");
  return listagg(renamed);
}

/** `LISTAGG(a, ',') WITHIN GROUP (ORDER BY b)` is PostgreSQL's `STRING_AGG(a, ',' ORDER BY b)`. */
function listagg(code: string): string {
  const found = /\blistagg\s*\(/i.exec(code);
  if (!found) return code;
  const open = found.index + found[0].length - 1;
  const close = closing(code, open);
  const group = /^\s*within\s+group\s*\(/i.exec(code.slice(close + 1));
  const groupOpen = group ? close + group[0].length : close;
  const groupClose = group ? closing(code, groupOpen) : close;
  const order = group ? ` ${code.slice(groupOpen + 1, groupClose)}` : '';
  const call = `STRING_AGG(${code.slice(open + 1, close)}${order})`;
  return listagg(code.slice(0, found.index) + call + code.slice(groupClose + 1));
}
