import type { SqlParameter as DataApiParameter } from '@aws-sdk/client-redshift-data';
import type { SqlParameter, SqlParameters } from '../warehouse.ts';

/** A statement as the Data API takes it: `:p_name` in the text, and each of those names with its value as text. */
export interface PreparedStatement {
  readonly sql: string;
  readonly parameters: readonly DataApiParameter[];
}

/** Literals, quoted names and comments, which hold no parameters; else `$name`. */
const tokens = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|(?<![\w$])\$([A-Za-z_]\w*)/g;

/**
 * Turns `$name` into `:p_name` (so that no name is a word of SQL), or with another prefix, and leaves out comments and parameters that the text
 * does not name. The Data API takes values of at least one character and knows no NULL, so NULL and the empty string
 * are the only values that become text. Numbers and booleans arrive typed; cast strings where the type matters.
 *
 * @throws RangeError when a parameter is missing or no finite number, or a literal has a backslash
 */
export function prepare(sql: string, parameters: SqlParameters, prefix = 'p_'): PreparedStatement {
  const used = new Map<string, string>();
  const text = sql.replace(tokens, (token, name: string | undefined) => {
    if (name === undefined) return plain(token);
    const value = parameters[name];
    if (value === undefined)
      throw new RangeError(`The statement has $${name}, but no parameter of that name was given.`);
    return reference(`${prefix}${name}`, value, used);
  });
  return { sql: text.trim(), parameters: [...used].map(([name, value]) => ({ name, value })) };
}

/**
 * A literal for the places where Redshift takes no parameter: the files and the role of a COPY.
 *
 * @throws RangeError when the text has anything but letters, digits and `_ - . / : = + @ ,`
 */
export function literal(text: string): string {
  if (!/^[\w./:=+@,-]+$/.test(text)) throw new RangeError(`'${text}' cannot stand in a statement as a literal.`);
  return `'${text}'`;
}

/** A literal or quoted name as it is, a comment as a space: its text could be taken for parameters. */
function plain(token: string): string {
  if (token.startsWith('-') || token.startsWith('/')) return ' ';
  // Engines differ in whether it escapes the quote after it, so the end of the literal would be in doubt.
  if (token.includes('\\')) throw new RangeError(`A literal of the statement has a backslash: ${token}`);
  return token;
}

function reference(name: string, value: SqlParameter, used: Map<string, string>): string {
  if (value === null) return 'NULL';
  if (value === '') return "''";
  used.set(name, String(value));
  if (typeof value === 'string') return `:${name}`;
  if (typeof value === 'boolean') return `(:${name} = 'true')`;
  if (!Number.isFinite(value)) throw new RangeError(`Parameter ${name} is ${value}, not a finite number.`);
  return `CAST(:${name} AS ${Number.isSafeInteger(value) ? 'BIGINT' : 'DOUBLE PRECISION'})`;
}
