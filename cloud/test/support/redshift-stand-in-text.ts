import { refused } from './redshift-stand-in-error.ts';

/** A statement without its literals, which stand in it as `§0§`, `§1§`…; comments are gone, quoted names lower case. */
export interface Masked {
  readonly code: string;
  readonly literals: readonly string[];
}

/**
 * Takes literals and comments out of a statement, so that patterns see only code.
 *
 * @throws StandInError for a backslash in a literal, which only Redshift takes as an escape
 */
export function mask(sql: string): Masked {
  const literals: string[] = [];
  const code = sql.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\//g, (token) => {
    if (token.startsWith('"')) return token.toLowerCase();
    if (!token.startsWith("'")) return ' ';
    if (token.includes('\\')) throw refused(`Redshift takes a backslash in a literal as an escape: ${token}`);
    literals.push(token);
    return `§${literals.length - 1}§`;
  });
  return { code: code.trim().replace(/;\s*$/, ''), literals };
}

/** Puts the literals back. */
export function unmask(code: string, literals: readonly string[]): string {
  return code.replace(/§(\d+)§/g, (_, index: string) => literals[Number(index)] ?? '');
}

/** The text of a literal: `'it''s'` is `it's`. */
export function textOf(literal: string): string {
  return literal.slice(1, -1).replaceAll("''", "'");
}

/** Where the parenthesis that opens at a place closes; the end of the text when it does not. */
export function closing(code: string, open: number): number {
  let depth = 0;
  for (let at = open; at < code.length; at += 1) {
    if (code[at] === '(') depth += 1;
    if (code[at] === ')') depth -= 1;
    if (depth === 0) return at;
  }
  return code.length;
}

/** Where the parenthesis that closes at a place opens; 0 when it does not. */
export function opening(code: string, close: number): number {
  let depth = 0;
  for (let at = close; at > 0; at -= 1) {
    if (code[at] === ')') depth += 1;
    if (code[at] === '(') depth -= 1;
    if (depth === 0) return at;
  }
  return 0;
}
