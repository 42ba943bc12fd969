import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bookProblems } from '../contract/verification.ts';

/** A chapter of docs/books.md on a problem: `### code`, a line with the title, then cause and cure. */
const chapters = readFileSync(new URL('../../docs/books.md', import.meta.url), 'utf8')
  .split(/^### /m)
  .slice(1)
  .map((chapter) => {
    const [code = '', ...rest] = chapter.trim().split('\n');
    return { code, text: rest.join('\n') };
  });

describe('docs/books.md', () => {
  it('explains every problem there is, and no other, in the same order', () => {
    expect(chapters.map(({ code }) => code)).toEqual(Object.keys(bookProblems));
  });

  it.each(Object.entries(bookProblems))('gives title, cause and cure of %s', (code, { title }) => {
    const text = chapters.find((chapter) => chapter.code === code)?.text;
    expect(text).toContain(`${title}.`);
    expect(text).toMatch(/^\*\*Cause:\*\* .{20,}/m);
    expect(text).toMatch(/^\*\*Cure:\*\* .{20,}/m);
  });
});
