import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { errorCodes, SlicehouseError } from './errors.ts';

/** A chapter of docs/errors.md: `## code`, a line with status and title, then cause and cure. */
const chapters = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8')
  .split(/^## /m)
  .slice(1)
  .map((chapter) => {
    const [code = '', ...rest] = chapter.trim().split('\n');
    return { code, text: rest.join('\n') };
  });

describe('docs/errors.md', () => {
  it('explains every code there is, and no other, in the same order', () => {
    expect(chapters.map(({ code }) => code)).toEqual(Object.keys(errorCodes));
  });

  it.each(Object.entries(errorCodes))('gives status, title, cause and cure of %s', (code, { status, title }) => {
    const text = chapters.find((chapter) => chapter.code === code)?.text;
    expect(text).toContain(`${status} · ${title}.`);
    expect(text).toMatch(/^\*\*Cause:\*\* .{20,}/m);
    expect(text).toMatch(/^\*\*Cure:\*\* .{20,}/m);
  });
});

describe('SlicehouseError', () => {
  it('keeps what led to it', () => {
    const cause = new Error('disk');
    const error = new SlicehouseError('storage_full', 'Full.', { cause, retryAfterSeconds: 30 });
    expect(error).toMatchObject({ code: 'storage_full', message: 'Full.', retryAfterSeconds: 30, errors: [], cause });
  });
});
