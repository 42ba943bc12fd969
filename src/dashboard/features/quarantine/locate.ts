/** A part of a text: from an index up to and without another. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * Where the value that a JSON Pointer names stands in a JSON text. Of a value that is missing, the bracket that
 * opens the nearest thing it should stand in, or the plain value that stands in its place; undefined when the text cannot be read that far.
 *
 * `locate('{"lines":[{"quantity":0}]}', '/lines/0/quantity')` is the span of `0`.
 */
export function locate(text: string, pointer: string): Span | undefined {
  const tokens = pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
  try {
    return find(text, skipSpace(text, 0), tokens);
  } catch {
    return undefined;
  }
}

function find(text: string, start: number, [token, ...rest]: readonly string[]): Span {
  if (token === undefined) return { from: start, to: endOfValue(text, start) };
  if (text[start] !== '{' && text[start] !== '[') return { from: start, to: endOfValue(text, start) };
  let found: number | undefined;
  // Of members with the same name JSON.parse takes the last.
  for (const { name, at } of entries(text, start)) if (name === token) found = at;
  return found === undefined ? { from: start, to: start + 1 } : find(text, found, rest);
}

/** Names and places of what an object or list holds. */
function* entries(text: string, start: number): Generator<{ name: string; at: number }> {
  const open = text[start];
  let at = skipSpace(text, start + 1);
  for (let index = 0; text[at] !== '}' && text[at] !== ']'; index += 1) {
    let name = String(index);
    if (open === '{') {
      const end = endOfString(text, at);
      name = JSON.parse(text.slice(at, end)) as string;
      at = skipSpace(text, expect(text, skipSpace(text, end), ':'));
    }
    yield { name, at };
    at = skipSpace(text, endOfValue(text, at));
    if (text[at] === ',') at = skipSpace(text, at + 1);
    else if (text[at] !== '}' && text[at] !== ']') throw new SyntaxError(`No end at ${at}.`);
  }
}

function endOfValue(text: string, start: number): number {
  if (text[start] === '"') return endOfString(text, start);
  if (text[start] !== '{' && text[start] !== '[') return endOfPlain(text, start);
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const char = text[at];
    if (char === '"') at = endOfString(text, at) - 1;
    else if (char === '{' || char === '[') depth += 1;
    else if (char === '}' || char === ']') depth -= 1;
    if (depth === 0) return at + 1;
  }
  throw new SyntaxError('No end.');
}

function endOfString(text: string, start: number): number {
  expect(text, start, '"');
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at + 1;
  }
  throw new SyntaxError('No end.');
}

function endOfPlain(text: string, start: number): number {
  const length = /^(?:true|false|null|-?\d[\d.eE+-]*)/.exec(text.slice(start, start + 400))?.[0].length ?? 0;
  if (length === 0) throw new SyntaxError(`No value at ${start}.`);
  return start + length;
}

function expect(text: string, at: number, char: string): number {
  if (text[at] !== char) throw new SyntaxError(`No ${char} at ${at}.`);
  return at + 1;
}

function skipSpace(text: string, at: number): number {
  let next = at;
  while (text[next] === ' ' || text[next] === '\n' || text[next] === '\r' || text[next] === '\t') next += 1;
  return next;
}
