import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);
const spec = readFileSync(new URL('SPEC.md', import.meta.url), 'utf8');

/** Each line `- test/file.ts: name of the test` of the page. */
const named = [...spec.matchAll(/^ +- `([^`]+)`: (.+)$/gm)].map(([, file = '', name = '']) => ({ file, name }));

describe('SPEC.md', () => {
  it('numbers its invariants from 1 and names a test for each', () => {
    const invariants = spec.split(/^(?=\d+\. )/m).slice(1);
    expect(invariants.map((text) => Number.parseInt(text, 10))).toEqual(invariants.map((_, index) => index + 1));
    expect(invariants.length).toBeGreaterThan(0);
    for (const invariant of invariants) expect(invariant).toMatch(/^ +- `[^`]+\.ts`: /m);
  });

  it.each(named)('names a test that there is: $file, $name', ({ file, name }) => {
    const path = new URL(file, root);
    expect(existsSync(path)).toBe(true);
    expect(readFileSync(path, 'utf8')).toMatch(new RegExp(`['"\`]${pattern(name)}['"\`]`));
  });
});

/** An ellipsis in a name stands for a number that the test fills in. */
function pattern(name: string): string {
  return name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('…', '[^\'"`]*');
}
